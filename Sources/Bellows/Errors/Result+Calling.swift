extension Result where Failure == BellowsError {
    /// What an asynchronous call returned or threw, for places that do not keep the type of an error.
    package init(calling body: () async throws(BellowsError) -> Success) async {
        do throws(BellowsError) {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
