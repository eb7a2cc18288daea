import Testing

@testable import BellowsRedis

@Suite struct CallWindowTests {
    private let start = ContinuousClock.now

    /// Begins as many calls as the window takes, but no more than wanted.
    private func begin(_ count: Int, in window: inout CallWindow) -> [CallNumber] {
        var numbers: [CallNumber] = []
        while numbers.count < count, let number = window.begin(at: start) { numbers.append(number) }
        return numbers
    }

    @Test("Numbers count from 1")
    func counts() {
        var window = CallWindow()
        #expect(begin(3, in: &window).map(\.value) == [1, 2, 3])
    }

    @Test("A call waits while an open one is as far away as the window is wide")
    func waits() {
        var window = CallWindow()
        let first = begin(1, in: &window)
        for _ in 1..<CallWindow.width {
            for number in begin(1, in: &window) { window.end(number) }
        }
        #expect(begin(1, in: &window).isEmpty)
        window.end(first[0])
        #expect(begin(1, in: &window).map(\.value) == [CallWindow.width + 1])
    }

    @Test("Ending calls in any order keeps the oldest one in the way")
    func endsInAnyOrder() {
        var window = CallWindow()
        let open = begin(1000, in: &window)
        #expect(open.count == Int(CallWindow.width))
        for number in open.dropFirst().shuffled() { window.end(number) }
        #expect(begin(1, in: &window).isEmpty)
        #expect(!window.isIdle)
        window.end(open[0])
        #expect(window.isIdle)
    }

    @Test("Answers are asked to be kept once a minute")
    func refreshes() {
        var window = CallWindow()
        let flags = [0, 59, 60, 61].map { window.begin(at: start + .seconds($0))?.refreshesAnswers }
        #expect(flags == [true, false, true, false])
    }
}
