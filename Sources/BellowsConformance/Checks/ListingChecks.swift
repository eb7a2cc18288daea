import Bellows

/// What lists of tasks promise.
enum ListingChecks {
    static let all = [
        ConformanceCheck("listing: each state has a list, with what is known of its tasks") { environment in
            let bench = try await environment.workbench("states")
            let inspecting = try bench.capability((any BackendInspecting).self)
            let ready = try await bench.publish("12345").id
            let delayed = try await bench.publish("x", options: PublishOptions(availability: .after(.seconds(500)))).id
            let leased = try await bench.publish("y", options: PublishOptions(id: TaskID("mine"))).id
            let task = try await bench.claimOne(.id(leased))
            let dead = try await bench.publish("z").id
            let outcome = try await bench.fail(try await bench.claimOne(.id(dead)), .dead, error: "no")
            try expectEqual(outcome, .done, "giving up")
            let lists = try await lists(of: bench, inspecting)
            try expectEqual(
                lists.mapValues { $0.map(\.id) },
                [
                    .ready: [ready], .delayed: [delayed], .leased: [leased], .dead: [dead],
                ],
                "ids by state"
            )
            try expect(lists[.delayed]?[0].due != nil, "the due time of a delayed task is not told")
            try expect(lists[.leased]?[0].leaseEnd != nil, "the end of a lease is not told")
            try expect(lists[.leased]?[0].holder != nil, "the process that has a task is not told")
            try expect(lists[.dead]?[0].died != nil, "the time of death is not told")
            try expectEqual(lists[.dead]?[0].lastError, "no", "the reason of a dead letter")
            try expectEqual(lists[.leased]?[0].attempt, 1, "the attempt of a leased task")
            try expect((lists[.ready]?[0].recordSize ?? 0) >= 5, "the record is smaller than its payload")
            try expect(lists[.ready]?[0].published != nil, "the age of an id that the library made is not told")
            try expect(lists[.leased]?[0].published == nil, "a caller's id tells when it was published")
            try expectEqual(try await bench.finish(task), .done, "finishing")
            let rest = try await ListingChecks.lists(of: bench, inspecting)
            try expectEqual(rest[.leased]?.count, 0, "leases afterwards")
        },
        ConformanceCheck("listing: pages of any size have each task once, in its order") { environment in
            let bench = try await environment.workbench("pages")
            let inspecting = try bench.capability((any BackendInspecting).self)
            let ready = try await publish(120, bench)
            // All at the same time: their order is their ids'.
            let options = PublishOptions(availability: .after(.seconds(800)))
            let requests = (0..<100).map { _ in PublishRequest(payload: [1], options: options) }
            var delayed = try await bench.backend.publish(requests, to: bench.name).map(\.id)
            delayed += try await bench.backend.publish(requests, to: bench.name).map(\.id)
            for limit in [1, 7, 100, 200] {
                let waiting = try await pages(.ready, of: bench, inspecting, limit: limit)
                try expectEqual(waiting, ready, "ready tasks by \(limit)")
                let later = try await pages(.delayed, of: bench, inspecting, limit: limit)
                try expectEqual(later.count, delayed.count, "delayed tasks by \(limit)")
                try expectEqual(Set(later), Set(delayed), "delayed tasks by \(limit)")
            }
        },
        ConformanceCheck("listing: what stays is listed once, whatever is taken or ends between the pages") {
            environment in
            let bench = try await environment.workbench("moving")
            let inspecting = try bench.capability((any BackendInspecting).self)
            let ids = try await publish(60, bench)
            // The last of the first page goes, and others before and behind it.
            let first = try await inspecting.tasks(.ready, of: bench.name, after: nil, limit: 20)
            try expectEqual(first.tasks.map(\.id), Array(ids[..<20]), "the first page")
            var claimed: [TaskID: ClaimedTask] = [:]
            for _ in 0..<30 {
                let task = try await bench.claimOne()
                claimed[task.id] = task
            }
            let rest = try await pages(.ready, of: bench, inspecting, limit: 7, after: first.next)
            try expectEqual(rest, Array(ids[30...]), "ready tasks behind the first page")
            // Leases that end well between the pages, among them the last one listed.
            let leases = try await inspecting.tasks(.leased, of: bench.name, after: nil, limit: 10)
            for id in leases.tasks.map(\.id).suffix(3) {
                guard let task = claimed[id] else { throw ConformanceFailure("\(id) was not claimed here") }
                try expectEqual(try await bench.finish(task), .done, "finishing")
            }
            let others = try await pages(.leased, of: bench, inspecting, limit: 4, after: leases.next)
            let listed = leases.tasks.map(\.id) + others
            try expectEqual(listed.count, 30, "leases")
            try expectEqual(Set(listed), Set(ids[..<30]), "leased tasks")
        },
        ConformanceCheck("listing: a place that is gone is where the list goes on") { environment in
            let bench = try await environment.workbench("gone")
            let inspecting = try bench.capability((any BackendInspecting).self)
            let managing = try bench.capability((any BackendManaging).self)
            for text in ["a", "b", "c", "d", "e", "f"] {
                try await bench.publish(text)
                let task = try await bench.claimOne()
                try expectEqual(try await bench.fail(task, .dead), .done, "giving up")
            }
            let all = try await pages(.dead, of: bench, inspecting, limit: 100)
            let first = try await inspecting.tasks(.dead, of: bench.name, after: nil, limit: 3)
            try expectEqual(first.tasks.map(\.id), Array(all[..<3]), "the first page")
            let deleted = try await managing.deleteDeadLetters([all[1], all[2]], of: bench.name)
            try expectEqual(deleted, [true, true], "deletions")
            let rest = try await pages(.dead, of: bench, inspecting, limit: 2, after: first.next)
            try expectEqual(rest, Array(all[3...]), "the rest")
        },
        ConformanceCheck("listing: hints of tasks that were taken by id are no tasks") { environment in
            let bench = try await environment.workbench("stale")
            let inspecting = try bench.capability((any BackendInspecting).self)
            let ids = try await publish(40, bench)
            for id in ids[..<30] {
                let task = try await bench.claimOne(.id(id))
                try expectEqual(try await bench.finish(task), .done, "finishing")
            }
            try expectEqual(try await pages(.ready, of: bench, inspecting, limit: 5), Array(ids[30...]), "ready tasks")
        },
        ConformanceCheck("listing: pages and cursors that make no sense are refused") { environment in
            let bench = try await environment.workbench("refused")
            let inspecting = try bench.capability((any BackendInspecting).self)
            _ = try await publish(3, bench)
            let cursor = try await inspecting.tasks(.ready, of: bench.name, after: nil, limit: 1).next
            guard let cursor else { throw ConformanceFailure("a page that is not the last has no cursor") }
            try expectEqual(try PageCursor("\(cursor)"), cursor, "a cursor that went through its text")
            let other = try TaskName("\(bench.name).other")
            let foreign = try await expectThrows(BellowsError.self, "a cursor of another definition") {
                _ = try await inspecting.tasks(.ready, of: other, after: cursor, limit: 1)
            }
            try expectEqual(foreign.code, .invalidInput, "the code")
            try await expectThrows(BellowsError.self, "a cursor of another state") {
                _ = try await inspecting.tasks(.dead, of: bench.name, after: cursor, limit: 1)
            }
            try await expectThrows(BellowsError.self, "a cursor of a list, for a search") {
                _ = try await inspecting.search([1], of: bench.name, after: cursor)
            }
            for limit in [0, -1, VerbLimits.listedTasks + 1] {
                try await expectThrows(BellowsError.self, "a page of \(limit)") {
                    _ = try await inspecting.tasks(.ready, of: bench.name, after: nil, limit: limit)
                }
            }
            try await expectThrows(BellowsError.self, "a list of finished tasks") {
                _ = try await inspecting.tasks(.finished, of: bench.name, after: nil, limit: 1)
            }
        },
        ConformanceCheck("listing: a search finds payloads and headers, whatever the state") { environment in
            let bench = try await environment.workbench("search")
            let inspecting = try bench.capability((any BackendInspecting).self)
            let ready = try await bench.publish("a needle here").id
            let header = try await bench.publish("b", options: PublishOptions(headers: ["h": "xneedlex"])).id
            _ = try await publish(50, bench)
            let dead = try await bench.publish("needle").id
            let outcome = try await bench.fail(try await bench.claimOne(.id(dead)), .dead)
            try expectEqual(outcome, .done, "giving up")
            let found = try await search("needle", bench, inspecting)
            try expectEqual(Set(found.map(\.id)), [ready, header, dead], "what was found")
            try expectEqual(found.first { $0.id == dead }?.state, .dead, "the state of a dead letter")
            try expectEqual(try await search("no such text", bench, inspecting).count, 0, "what is not there")
            for bytes in [[], [UInt8](repeating: 1, count: VerbLimits.searchedBytes + 1)] {
                try await expectThrows(BellowsError.self, "a search for \(bytes.count) bytes") {
                    _ = try await inspecting.search(bytes, of: bench.name, after: nil)
                }
            }
        },
        ConformanceCheck("inspection: payloads are read where they are asked for, in the order of the ids") {
            environment in
            let bench = try await environment.workbench("payloads")
            let inspecting = try bench.capability((any BackendInspecting).self)
            let large = [UInt8](repeating: 7, count: 400_000)
            var ids: [TaskID] = []
            for _ in 0..<5 { ids.append(try await bench.publish(large).id) }
            let answers = try await inspecting.inspect(
                [ids[4], TaskID()] + ids[..<4],
                in: bench.name,
                withPayload: true
            )
            try expectEqual(answers.map { $0?.id }, [ids[4], nil] + ids[..<4].map { $0 }, "the ids")
            try expect(
                answers.compactMap { $0 }.allSatisfy { $0.payload == large },
                "a payload is not what was published"
            )
            let sizes = try await inspecting.inspect(ids, in: bench.name, withPayload: false)
            try expect(
                sizes.allSatisfy { $0?.payload == nil && $0?.payloadSize == large.count },
                "sizes without payloads"
            )
            try await expectThrows(BellowsError.self, "more ids than a call takes") {
                let many = (0...VerbLimits.inspectedTasks).map { _ in TaskID() }
                _ = try await inspecting.inspect(many, in: bench.name, withPayload: false)
            }
        },
    ]

    /// Publishes tasks, and returns their ids in order.
    private static func publish(_ count: Int, _ bench: Workbench) async throws -> [TaskID] {
        var ids: [TaskID] = []
        while ids.count < count {
            let some = (0..<min(100, count - ids.count)).map { _ in PublishRequest(payload: [1]) }
            ids += try await bench.backend.publish(some, to: bench.name).map(\.id)
        }
        return ids
    }

    /// The first page of each list.
    private static func lists(
        of bench: Workbench,
        _ inspecting: any BackendInspecting
    ) async throws -> [TaskState: [TaskSummary]] {
        var lists: [TaskState: [TaskSummary]] = [:]
        for state in TaskState.listed {
            let page = try await inspecting.tasks(state, of: bench.name, after: nil, limit: 100)
            try expect(page.tasks.allSatisfy { $0.state == state }, "the list of \(state) holds others: \(page.tasks)")
            lists[state] = page.tasks
        }
        return lists
    }

    /// The ids of all pages.
    private static func pages(
        _ state: TaskState,
        of bench: Workbench,
        _ inspecting: any BackendInspecting,
        limit: Int,
        after first: PageCursor? = nil
    ) async throws -> [TaskID] {
        var ids: [TaskID] = []
        var cursor = first
        for _ in 0..<1000 {
            let page = try await inspecting.tasks(state, of: bench.name, after: cursor, limit: limit)
            try expect(page.tasks.count <= limit, "a page of \(page.tasks.count) for \(limit)")
            ids += page.tasks.map(\.id)
            cursor = page.next
            if cursor == nil { return ids }
        }
        throw ConformanceFailure("a list of \(state) tasks has no end")
    }

    /// What all steps of a search find.
    private static func search(
        _ text: String,
        _ bench: Workbench,
        _ inspecting: any BackendInspecting
    ) async throws -> [TaskSummary] {
        var found: [TaskID: TaskSummary] = [:]
        var cursor: PageCursor?
        for _ in 0..<1000 {
            let page = try await inspecting.search(Array(text.utf8), of: bench.name, after: cursor)
            for task in page.tasks { found[task.id] = task }
            cursor = page.next
            if cursor == nil { return Array(found.values) }
        }
        throw ConformanceFailure("a search has no end")
    }
}
