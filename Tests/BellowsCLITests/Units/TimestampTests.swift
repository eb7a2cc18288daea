import Foundation
import Testing

@testable import BellowsCLI

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0.0), ("2026-05-01T12:30:00Z", 1_777_638_600), ("2026-05-01T12:30Z", 1_777_638_600),
        ("2026-05-01 12:30:00Z", 1_777_638_600), ("2026-05-01T14:30:00+02:00", 1_777_638_600),
        ("2026-05-01T14:30:00+0200", 1_777_638_600), ("2026-05-01T07:00:00-05:30", 1_777_638_600),
        ("2024-02-29T00:00:00.250Z", 1_709_164_800.25), ("1969-12-31T23:59:59Z", -1),
        ("2000-03-01T00:00:00+00", 951_868_800),
    ])
    func reads(_ text: String, _ seconds: Double) {
        #expect(Timestamp.date(from: text)?.timeIntervalSince1970 == seconds)
    }

    @Test(arguments: [
        "", "now", "2026-05-01", "2026-05-01T12:30:00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:00+24:00", "2026-1-1T0:0:0Z", "2026-01-01T00:00:00Zx", "1777638600",
    ])
    func refuses(_ text: String) {
        #expect(Timestamp.date(from: text) == nil)
    }

    @Test func writesWhatItReads() throws {
        for milliseconds in stride(from: -1_000_000_000_000, through: 4_000_000_000_000, by: 12_345_678_901) {
            let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            let read = try #require(Timestamp.date(from: Timestamp.text(from: date)))
            #expect(abs(read.timeIntervalSince(date)) < 0.0015)
        }
        #expect(Timestamp.text(from: Date(timeIntervalSince1970: 1_709_164_800.25)) == "2024-02-29T00:00:00.250Z")
    }
}
