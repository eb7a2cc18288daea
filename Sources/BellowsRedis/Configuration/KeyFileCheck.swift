#if TLS
    import Bellows
    import Logging

    #if canImport(Darwin)
        import Darwin
    #elseif canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #endif

    /// Looks whether the key of our certificate is kept from others.
    enum KeyFileCheck {
        /// Warns of a key that other users of this host may read. Each connect reports one that is not there.
        static func warn(of settings: RedisTLS, _ logger: Logger) {
            guard let file = settings.keyFile else { return }
            var facts = stat()
            guard stat(file, &facts) == 0, facts.st_mode & 0o077 != 0 else { return }
            logger.warning(
                "the key of our certificate may be read by other users of this host (chmod 600)",
                metadata: [LogKeys.file: "\(ErrorText.sanitize(file))"]
            )
        }
    }
#endif
