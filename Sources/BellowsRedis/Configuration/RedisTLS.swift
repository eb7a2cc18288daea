#if TLS
    /// How the server proves who it is over TLS, and how we do. At least TLS 1.2. The chain and the name of the
    /// server's certificate are always verified.
    ///
    /// The files are read at each connect, so a renewed certificate needs no restart. One that cannot be read or is not
    /// accepted fails that connect; the next comes a second or more later.
    public struct RedisTLS: Hashable, Sendable {
        /// A PEM file with the authorities that are trusted; nil, the default, for those of the system.
        public var caFile: String?
        /// A PEM file with our certificate and its chain, for servers that ask for one; nil, the default, for none. It
        /// needs ``keyFile``.
        public var certificateFile: String?
        /// A PEM file with the key of our certificate, without a passphrase. A file that other users of the host may
        /// read is warned of.
        public var keyFile: String?
        /// The name that has to stand in the certificates of all servers, Sentinels too; nil, the default, for the host
        /// of each. Set it if servers are reached by another name or address than their certificates hold.
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
