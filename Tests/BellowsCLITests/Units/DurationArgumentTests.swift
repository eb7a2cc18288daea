import Testing

@testable import BellowsCLI

@Suite struct DurationArgumentTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("2h", .seconds(7200)),
        ("1d", .seconds(86400)), ("1.5s", .milliseconds(1500)), ("0s", .zero), ("0.5ms", .milliseconds(1)),
    ])
    func reads(_ text: String, _ expected: Duration) {
        #expect(DurationArgument(text)?.duration == expected)
    }

    @Test(arguments: [
        "", "5", "s", "5 s", "-5s", "+5s", "1e3s", "5S", "5sec", ".5s", "5.s", "1.2.3s", "nan", "infs", "0x10s",
        "99999999999d", "5s\n", "５s", "1,5s",
    ])
    func refuses(_ text: String) {
        #expect(DurationArgument(text) == nil)
    }
}
