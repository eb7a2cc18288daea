extension Backend {
    /// A capability that a caller cannot do without.
    ///
    /// - Parameter type: the protocol.
    /// - Throws: ``BellowsError/Code/unsupported`` if the backend lacks it.
    func requiredCapability<Capability>(_ type: Capability.Type) throws(BellowsError) -> Capability {
        guard let capability = capability(type) else {
            throw BellowsError(.unsupported, "the backend \(Swift.type(of: self)) is no \(type)")
        }
        return capability
    }
}
