import Bellows

/// Looks at every key of a prefix. It changes nothing, and may run while publishers and workers do: what looks wrong is
/// looked at again, and only what stays so is a violation.
struct StoreAuditor {
    /// How many tasks one call looks at.
    private static let page = 100
    /// How many suspects one call looks at; each may be searched for in the whole list.
    private static let suspectsPerCall = 10
    /// What looks wrong in so many looks, so far apart, is wrong.
    private static let looks = 3
    private static let pause = Duration.milliseconds(300)
    /// More suspects than these of one definition are not told apart.
    private static let maximumSuspects = 10_000
    /// The places of tasks, in the order in which tasks move: so few are missed on their way.
    private static let places: [RedisKey] = [
        .records, .delayed, .leases, .tokens, .errors, .wants, .dead, .deadRecords, .deadReasons,
    ]

    let runner: ScriptRunner
    let keys: RedisKeySpace
    /// How many violations are listed.
    let limit: Int

    private typealias Problem = (kind: StoreViolation.Kind, text: String)

    /// Audits all definitions, or those that are named.
    func audit(only wanted: [TaskName]) async throws(BellowsError) -> StoreAudit {
        var audit = StoreAudit()
        var definitions = Set(wanted)
        var places: [TaskName: Set<RedisKey>] = [:]
        var suspects: Set<String> = []
        for try await page in RedisKeyScan(runner: runner, pattern: keys.everyKey) {
            for fact in try await facts(of: page) {
                let name = keys.name(ofKey: fact.key)
                if !wanted.isEmpty, name.map({ !definitions.contains($0) }) ?? true { continue }
                if let name, let place = RedisKeySpace.kind(of: fact.key) {
                    definitions.insert(name)
                    places[name, default: []].insert(place)
                }
                if fact.problem() != nil, suspects.count < Self.maximumSuspects { suspects.insert(fact.key) }
            }
        }
        let violations = try await examineKeys(&suspects)
        audit.add(violations, limit: limit)
        let wrongTypes = Set(violations.filter { $0.kind == .wrongType }.compactMap(\.definition))
        for name in definitions.sorted() {
            audit.definitionCount += 1
            // Scripts refuse to look at a key of the wrong type.
            guard !wrongTypes.contains(name) else { continue }
            try await self.audit(name, into: &audit)
            if places[name]?.contains(.singleton) == true { try await auditSingleton(name, into: &audit) }
        }
        return audit
    }

    // MARK: Keys

    private func facts(of keys: [String]) async throws(BellowsError) -> [KeyFacts] {
        let results = await withTaskGroup(of: Result<KeyFacts, BellowsError>.self) { group in
            for key in keys {
                group.addTask {
                    await Result(calling: { () async throws(BellowsError) in try await fact(of: key) })
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return try results.map { result throws(BellowsError) in try result.get() }
    }

    private func fact(of key: String) async throws(BellowsError) -> KeyFacts {
        async let type = answer(to: RedisCommand("TYPE", key), about: key)
        async let expiry = answer(to: RedisCommand("PTTL", key), about: key)
        guard let type = try await type.get().asText, let expiry = try await expiry.get().asNumber else {
            throw RedisReply.unexpected(to: "TYPE or PTTL")
        }
        return KeyFacts(key: key, type: type, expiry: expiry)
    }

    private func answer(to command: RedisCommand, about key: String) async -> Result<RedisReply, BellowsError> {
        await Result(calling: { () async throws(BellowsError) in try await runner.run(command, on: .key(key)) })
    }

    /// Waits until what was seen in the middle of a change is over.
    private func pause() async throws(BellowsError) {
        do {
            try await Task.sleep(for: Self.pause)
        } catch {
            throw BellowsError(.cancelled, "the audit was cancelled", verb: .inspect)
        }
    }

    private func examineKeys(_ suspects: inout Set<String>) async throws(BellowsError) -> [StoreViolation] {
        var violations: [StoreViolation] = []
        for _ in 1..<Self.looks where !suspects.isEmpty {
            try await pause()
            violations = []
            var rest = suspects.sorted()[...]
            suspects = []
            while !rest.isEmpty {
                let page = try await facts(of: Array(rest.prefix(Self.page)))
                rest = rest.dropFirst(Self.page)
                for fact in page {
                    guard let problem = fact.problem() else { continue }
                    suspects.insert(fact.key)
                    violations.append(
                        StoreViolation(
                            problem.kind,
                            definition: keys.name(ofKey: fact.key),
                            key: ErrorText.sanitize(fact.key),
                            problem.text
                        )
                    )
                }
            }
        }
        return violations
    }

    // MARK: Tasks

    private func audit(_ name: TaskName, into audit: inout StoreAudit) async throws(BellowsError) {
        var suspects: Set<String> = []
        var ready: Set<String> = []
        for place in Self.places {
            var cursor = "0"
            repeat {
                let page = try await look(at: name, place.rawValue, cursor, String(Self.page))
                cursor = page.cursor
                for facts in page.facts {
                    let isSuspect = !page.problems(of: facts).isEmpty
                    if isSuspect, suspects.count < Self.maximumSuspects { suspects.insert(facts.id) }
                    if place == .records, facts.isReady { ready.insert(facts.id) }
                }
            } while cursor != "0"
        }
        // What is ready and not in the list may have been claimed in between, so it is a suspect only.
        let listed = try await walkList(of: name, removingFrom: &ready)
        suspects.formUnion(ready.prefix(Self.maximumSuspects))
        var violations: [StoreViolation] = []
        for look in 0..<Self.looks where !suspects.isEmpty {
            if look > 0 { try await pause() }
            violations = try await examine(suspects, of: name)
            suspects.formIntersection(violations.compactMap { $0.id?.rawValue })
        }
        audit.add(violations, limit: limit)
        let counts = try await statistics(of: name)
        for count in [counts.ready, counts.delayed, counts.leased, counts.dead] {
            audit.taskCount = audit.taskCount.addingClamped(count)
        }
        audit.staleHintCount = audit.staleHintCount.addingClamped(max(0, listed.subtractingClamped(counts.ready)))
        audit.trimmedCount += counts.trimmedTotal
    }

    /// Walks from the end of the list to its beginning: what is taken or added meanwhile is then not missed.
    ///
    /// - Returns: how many elements the list has.
    private func walkList(of name: TaskName, removingFrom ids: inout Set<String>) async throws(BellowsError) -> Int {
        let (key, step) = (keys.key(.line, of: name), 1000)
        var count = 0
        while true {
            let range = RedisCommand("LRANGE", key, String(-count - step), String(-count - 1))
            guard let elements = try await runner.run(range, on: .key(key)).asArray else {
                throw RedisReply.unexpected(to: "LRANGE")
            }
            for element in elements.compactMap(\.asText) { ids.remove(element) }
            count += elements.count
            if elements.count < step { return count }
        }
    }

    private func examine(_ suspects: Set<String>, of name: TaskName) async throws(BellowsError) -> [StoreViolation] {
        var violations: [StoreViolation] = []
        var rest = suspects.sorted()[...]
        while !rest.isEmpty {
            let page = try await look(at: name, "", "", "", Array(rest.prefix(Self.suspectsPerCall)))
            rest = rest.dropFirst(Self.suspectsPerCall)
            for facts in page.facts {
                violations += page.problems(of: facts).map { kind, text in
                    StoreViolation(kind, definition: name, id: TaskID(unchecked: facts.id), text)
                }
            }
        }
        return violations
    }

    /// One answer of lua/audit.lua.
    private struct Page {
        let cursor: String
        let now: Int64
        let longestLease: Int64?
        let facts: [TaskFacts]

        func problems(of facts: TaskFacts) -> [Problem] { facts.problems(now: now, longestLease: longestLease) }
    }

    private func look(
        at name: TaskName,
        _ place: String,
        _ cursor: String,
        _ count: String,
        _ ids: [String] = []
    ) async throws(BellowsError) -> Page {
        let call = ScriptCall(.audit, keys: [keys.base(of: name)]) { command, _ in
            for argument in [place, cursor, count] + ids { command.append(argument) }
        }
        guard let parts = try await runner.run(call).asArray, parts.count % TaskFacts.width == 3,
            let cursor = parts[0].asText, let now = parts[1].asNumber
        else { throw RedisReply.unexpected(from: .audit) }
        let facts = stride(from: 3, to: parts.count, by: TaskFacts.width).compactMap {
            TaskFacts(parts[$0..<$0 + TaskFacts.width])
        }
        return Page(cursor: cursor, now: now, longestLease: parts[2].asNumber, facts: facts)
    }

    private func statistics(of name: TaskName) async throws(BellowsError) -> TaskStatistics {
        try await RedisOperations.statistics(of: name, keys: keys, runner: runner)
    }

    // MARK: Singletons

    private func auditSingleton(_ name: TaskName, into audit: inout StoreAudit) async throws(BellowsError) {
        audit.singletonCount += 1
        let page = try await look(at: name, "", "", "")
        let key = keys.key(.singleton, of: name)
        guard let pairs = try await runner.run(RedisCommand("HGETALL", key), on: .key(key)).asArray else {
            throw RedisReply.unexpected(to: "HGETALL")
        }
        var fields: [String: String] = [:]
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            if let field = pairs[index].asText { fields[field] = pairs[index + 1].asText ?? "" }
        }
        let problems = SingletonFacts(fields: fields).problems(now: page.now, longestLease: page.longestLease)
        audit.add(
            problems.map { StoreViolation($0.kind, definition: name, id: .singleton, $0.text) },
            limit: limit
        )
    }
}
