import Testing

@testable import BellowsRedis

@Suite struct ClusterSearchTests {
    private var random = SystemRandomNumberGenerator()

    @Test("One search at a time; what changes meanwhile calls for another one after a moment")
    func oneAtATime() {
        var search = ClusterSearch()
        #expect(search.wanted() == .search)
        #expect(search.wanted() == nil)
        #expect(search.found(isSettled: true) == .pause(ClusterSearch.leastInterval))
        #expect(search.wanted() == nil)
        #expect(search.timePassed() == .search)
        #expect(search.found(isSettled: true) == nil)
        #expect(search.wanted() == .search)
    }

    @Test("While a server is out of reach the map is looked at again and again")
    func watches() {
        var search = ClusterSearch()
        _ = search.wanted()
        #expect(search.found(isSettled: false) == .pause(ClusterSearch.watchInterval))
        #expect(search.timePassed() == .search)
        #expect(search.found(isSettled: true) == nil)
    }

    @Test("Failures are followed by longer and longer pauses, up to about a second")
    mutating func backsOff() {
        var search = ClusterSearch()
        #expect(search.wanted() == .search)
        for _ in 0..<20 {
            guard case .pause(let time) = search.failed(random: &random) else { return _ = Issue.record("no pause") }
            #expect(time >= ClusterSearch.leastInterval)
            #expect(time <= ClusterSearch.leastInterval + .seconds(1))
            #expect(search.timePassed() == .search)
        }
    }

    @Test("Echoes of what is over change nothing")
    mutating func ignoresEchoes() {
        var search = ClusterSearch()
        #expect(search.found(isSettled: false) == nil)
        #expect(search.failed(random: &random) == nil)
        #expect(search.timePassed() == nil)
        _ = search.wanted()
        search.close()
        #expect(search.wanted() == nil)
        #expect(search.found(isSettled: false) == nil)
        #expect(search.timePassed() == nil)
    }
}
