/// How scripts reach processes: it differs between one server and a cluster. The files in lua/ are for one server.
enum ScriptDialect: Sendable {
    /// One server keeps everything, and one inbox hears of all definitions.
    case server
    /// A script can publish only in its own slot, so that each definition has an inbox for each process there.
    case cluster

    /// The text of a script in this dialect.
    func translate(_ text: String) -> String {
        switch self {
        case .server: text
        case .cluster: text.replacing(Self.inbox, with: "B .. ':inbox:'").replacing("'PUBLISH'", with: "'SPUBLISH'")
        }
    }

    /// The keys of a call.
    ///
    /// While a slot moves, its keys are in two places. A server that knows of one key only, and lacks it, sends us
    /// to the other one, which then works on half of the data; told of two keys of which it lacks one, each of the
    /// two asks us to try again later. So a call names one more key, which never exists.
    func keys(_ keys: [String]) -> [String] {
        switch self {
        case .server: keys
        case .cluster: keys.count == 1 ? keys + ["\(keys[0]):~"] : keys
        }
    }

    /// As the scripts write it.
    static let inbox = "string.match(B, '^(.*):{') .. ':inbox:'"
}
