import Foundation
import Testing

@testable import Bellows

@Suite struct AvailabilityTests {
    private let date = Date(timeIntervalSince1970: 1_000_000)

    @Test func nowAndThePastAreZero() throws {
        #expect(try Availability.now.milliseconds(from: date) == 0)
        #expect(try Availability.after(.zero).milliseconds(from: date) == 0)
        #expect(try Availability.after(.seconds(-1)).milliseconds(from: date) == 0)
        #expect(try Availability.after(.seconds(Int64.min)).milliseconds(from: date) == 0)
        #expect(try Availability.at(date).milliseconds(from: date) == 0)
        #expect(try Availability.at(.distantPast).milliseconds(from: date) == 0)
    }

    @Test func delaysAreRoundedUp() throws {
        #expect(try Availability.after(.nanoseconds(1)).milliseconds(from: date) == 1)
        #expect(try Availability.after(.milliseconds(5)).milliseconds(from: date) == 5)
        #expect(try Availability.after(.microseconds(5001)).milliseconds(from: date) == 6)
        #expect(try Availability.at(date.addingTimeInterval(0.5)).milliseconds(from: date) == 500)
    }

    @Test func tenYearsAreTheLimit() throws {
        let limit = Availability.maximumDelay
        #expect(try Availability.after(limit).milliseconds(from: date) == limit.components.seconds * 1000)
        #expect(throws: BellowsError.self) {
            try Availability.after(limit + .nanoseconds(1)).milliseconds(from: date)
        }
        #expect(throws: BellowsError.self) { try Availability.after(.seconds(Int64.max)).milliseconds(from: date) }
        #expect(throws: BellowsError.self) { try Availability.at(.distantFuture).milliseconds(from: date) }
    }

    @Test func datesBeyondTheLimitAreNamed() throws {
        for (due, text) in [
            (Date(timeIntervalSince1970: 4_102_444_800), "until 2100-01-01T00:00:00Z"),
            (Date(timeIntervalSince1970: 1e300), "1e+300 seconds"),
        ] {
            let error = #expect(throws: BellowsError.self) { try Availability.at(due).milliseconds(from: date) }
            #expect(error?.description.contains(text) == true, "\(error?.description ?? "none")")
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, .signalingNaN])
    func datesThatAreNoNumbersAreRefused(interval: Double) {
        #expect(throws: BellowsError.self) {
            try Availability.at(Date(timeIntervalSince1970: interval)).milliseconds(from: date)
        }
    }

    @Test func millisecondsNeverOverflow() {
        #expect(Duration.seconds(Int64.max).millisecondsRoundedUp == .max)
        #expect(Duration.seconds(Int64.min).millisecondsRoundedUp == .min)
        #expect(Duration.seconds(-1).millisecondsRoundedUp == -1000)
        #expect(Duration.milliseconds(-1500).millisecondsRoundedUp == -1500)
        #expect(Duration.zero.millisecondsRoundedUp == 0)
    }
}
