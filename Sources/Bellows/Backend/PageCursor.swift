/// A place in a list, to go on from: text to hand over as it is, such as `1,ready,99,mail,01ARZ3NDEKTSV4RRFFQ69G5FAV`.
///
/// It belongs to one list of one definition and to one version of the library; others refuse it.
public struct PageCursor: Hashable, Sendable, CustomStringConvertible {
    /// What is walked through.
    @nonexhaustive
    public enum List: String, Sendable {
        /// The tasks of a state.
        case ready, delayed, leased, dead
        /// A search through tasks that wait or run.
        case records = "search"
        /// A search through dead letters.
        case deadRecords = "search-dead"

        /// The list of a state.
        ///
        /// - Parameter state: one of ``TaskState/listed``.
        /// - Throws: ``BellowsError/Code/invalidInput`` for a state of which there is no list.
        public init(of state: TaskState) throws(BellowsError) {
            switch state {
            case .ready: self = .ready
            case .delayed: self = .delayed
            case .leased: self = .leased
            case .dead: self = .dead
            default: throw .unlistedState(state)
            }
        }

        /// The state of the tasks in a list; of a search ready, which stands for all that waits or runs.
        var state: TaskState {
            switch self {
            case .ready, .records: .ready
            case .delayed: .delayed
            case .leased: .leased
            case .dead, .deadRecords: .dead
            }
        }
    }

    /// The version of the format.
    private static let version = "1"
    /// Longer texts are none of ours: a name of 200 bytes, an id that may have twice as many in a store, two numbers.
    private static let maximumLength = 700

    /// What is walked through.
    public let list: List
    /// The definition, or the part of one.
    public let name: TaskName
    /// The backend's own mark: ASCII letters, digits and `. - +`.
    public let mark: String
    /// The last task that was looked at; nil where the mark says it all.
    public let id: TaskID?

    /// Makes a cursor; for backends.
    ///
    /// - Parameters:
    ///   - list: what is walked through.
    ///   - name: the definition, or the part of one.
    ///   - mark: where the list goes on: ASCII letters, digits and `. - +`. `0` without an id is the beginning.
    ///   - id: the last task that was looked at; nil where the mark says it all.
    public init(_ list: List, of name: TaskName, mark: String, id: TaskID? = nil) {
        self.list = list
        self.name = name
        self.mark = mark
        self.id = id
    }

    /// The beginning of a list.
    package init(beginningOf list: List, of name: TaskName) {
        self.init(list, of: name, mark: "0")
    }

    /// Takes a cursor that a page gave.
    ///
    /// - Parameter text: ``description`` of a cursor.
    /// - Throws: ``BellowsError/Code/invalidInput`` for any other text.
    public init(_ text: String) throws(BellowsError) {
        // What stands in a store may hold commas, unlike our own ids.
        let parts = text.split(separator: ",", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count <= Self.maximumLength, parts.count == 5, parts[0] == Self.version,
            let list = List(rawValue: parts[1]), !parts[2].isEmpty, parts[2].utf8.allSatisfy({ Self.isMark($0) })
        else { throw .cursor(Identifier.excerpt(text)) }
        do throws(BellowsError) {
            name = try TaskName(parts[3])
            id = parts[4].isEmpty ? nil : try TaskID(stored: parts[4])
        } catch {
            throw .cursor(Identifier.excerpt(text))
        }
        self.list = list
        mark = parts[2]
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"):
            true
        default: false
        }
    }

    /// The text of the cursor.
    public var description: String {
        "\(Self.version),\(list.rawValue),\(mark),\(name),\(id?.rawValue ?? "")"
    }

    /// Refuses a cursor of another list or definition; for backends.
    ///
    /// - Parameters:
    ///   - lists: those that would do.
    ///   - name: the definition, or the part of one.
    /// - Throws: ``BellowsError/Code/invalidInput``.
    public func check(_ lists: [List], of name: TaskName) throws(BellowsError) {
        guard lists.contains(list), self.name == name else { throw .cursor("\(self)") }
    }
}
