// Samples of the article Idempotent handlers.

import Bellows

enum Charge: TaskDefinition {
    static let name = "billing.charge"
    typealias Trigger = PublishTrigger<Order>
}

struct Order: Codable, Sendable {
    var number: Int
    var cents: Int
    var lines: [String]
}

protocol PaymentGateway: Sendable {
    func charge(cents: Int, idempotencyKey: String) async throws
    func book(_ line: String, under key: String) async throws
    /// Writes only where the stored number is not greater than the fence.
    func settle(_ number: Int, fence: Int64) async throws
}

func makeHandlers(_ gateway: some PaymentGateway) -> [TaskHandler] {
    let byKey = TaskHandler.on(Charge.self) { order, context in
        try await gateway.charge(cents: order.cents, idempotencyKey: context.id.rawValue)
    }

    let fenced = TaskHandler.on(Charge.self) { order, context in
        try await gateway.settle(order.number, fence: context.fence)
    }

    let stopping = TaskHandler.on(Charge.self) { order, context in
        for (index, line) in order.lines.enumerated() {
            try Task.checkCancellation()
            try await gateway.book(line, under: "\(context.id)-\(index)")
        }
    }
    return [byKey, fenced, stopping]
}

print(Charge.name)
