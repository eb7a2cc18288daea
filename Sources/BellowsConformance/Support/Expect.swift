/// Throws a readable failure unless the condition holds.
func expect(
    _ condition: Bool,
    _ message: @autoclosure () -> String,
    fileID: StaticString = #fileID,
    line: UInt = #line
) throws(ConformanceFailure) {
    guard condition else { throw ConformanceFailure(message(), fileID: fileID, line: line) }
}

/// Throws a readable failure unless both values are equal.
func expectEqual<Value: Equatable>(
    _ actual: Value,
    _ expected: Value,
    _ what: String,
    fileID: StaticString = #fileID,
    line: UInt = #line
) throws(ConformanceFailure) {
    guard actual != expected else { return }
    throw ConformanceFailure(
        "\(what): expected \(excerpt(expected)), got \(excerpt(actual))",
        fileID: fileID,
        line: line
    )
}

/// Throws a readable failure unless the body throws an error of the type.
@discardableResult
func expectThrows<Failure: Error>(
    _ type: Failure.Type,
    _ what: String,
    fileID: StaticString = #fileID,
    line: UInt = #line,
    _ body: () async throws -> Void
) async throws -> Failure {
    do {
        try await body()
    } catch let failure as Failure {
        return failure
    } catch {
        throw ConformanceFailure("\(what): expected \(type), got \(error)", fileID: fileID, line: line)
    }
    throw ConformanceFailure("\(what): expected \(type), but nothing was thrown", fileID: fileID, line: line)
}

/// The text of a value, short enough for a failure's message.
private func excerpt(_ value: Any) -> String {
    let text = String(describing: value)
    return text.count <= 300 ? text : "\(text.prefix(300))… (\(text.count) characters)"
}
