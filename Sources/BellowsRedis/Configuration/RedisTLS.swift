#if TLS
    /// How a server is recognised over TLS, and how we are. At least TLS 1.2; chain and name are always verified.
    public struct RedisTLS: Hashable, Sendable {
        /// A PEM file with the certificates of the authorities that are trusted; nil for those of the system.
        public var caFile: String?
        /// A PEM file with our certificate, for servers that ask for one, and the chain behind it.
        public var certificateFile: String?
        /// A PEM file with the key of our certificate, without a passphrase.
        public var keyFile: String?
        /// The name that has to stand in the certificates of all servers, Sentinels too; nil for the host of each.
        public var serverName: String?

        /// Makes settings. The files are read at each connect, so that they may be renewed.
        ///
        /// - Parameters:
        ///   - caFile: the authorities that are trusted; nil for those of the system.
        ///   - certificateFile: our certificate, if the server asks for one.
        ///   - keyFile: its key.
        ///   - serverName: the name in the server's certificate; nil for the host of the address.
        public init(
            caFile: String? = nil,
            certificateFile: String? = nil,
            keyFile: String? = nil,
            serverName: String? = nil
        ) {
            self.caFile = caFile
            self.certificateFile = certificateFile
            self.keyFile = keyFile
            self.serverName = serverName
        }
    }
#endif
