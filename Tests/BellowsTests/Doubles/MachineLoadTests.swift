import Testing

@testable import BellowsTesting

@Suite struct MachineLoadTests {
    @Test(
        "Deadlines grow with the load, never shrink, and have an end",
        arguments: [(0.2, 1), (1, 1), (1.4, 1), (2.6, 3), (90, 10)]
    )
    func bounds(measured: Double, factor: Double) {
        #expect(MachineLoad.bounded(measured) == factor)
    }

    @Test func stretchesDurations() {
        #expect(MachineLoad.stretched(.seconds(2)) == .seconds(2) * MachineLoad.factor)
        #expect((1...10).contains(MachineLoad.factor))
    }
}
