// The only file that calls OpenSSL. It never touches the socket: bytes go in and out through memory.
#if TLS
    import Bellows
    import COpenSSL

    /// One TLS connection as a machine: encrypted bytes in and out on one side, plain ones on the other. Not
    /// thread-safe.
    final class TLSSession {
        /// What came of one step.
        enum Step {
            /// Something was done; for the handshake: all of it.
            case done(Int)
            /// More bytes of the other side are needed.
            case needsInput
            /// The other side has ended the session.
            case ended
            /// The session is broken.
            case failed(TLSFailure)
        }

        /// What has to stand in the server's certificate.
        let name: String
        private let context: OpaquePointer
        private let session: OpaquePointer
        /// Both belong to the session.
        private let (incoming, outgoing): (OpaquePointer, OpaquePointer)

        /// Prepares a session with a server.
        ///
        /// - Parameters:
        ///   - settings: whom we trust, and who we are.
        ///   - name: what has to stand in the server's certificate.
        ///   - isAddress: whether that is a numeric address.
        /// - Throws: `BellowsError` if a file cannot be used.
        init(_ settings: RedisTLS, name: String, isAddress: Bool) throws(BellowsError) {
            ERR_clear_error()
            guard let context = SSL_CTX_new(TLS_client_method()) else {
                throw Self.error("TLS cannot be used: \(Self.failure().reason)")
            }
            do throws(BellowsError) {
                try Self.configure(context, settings)
                guard let session = SSL_new(context) else {
                    throw Self.error("TLS cannot be used: \(Self.failure().reason)")
                }
                do throws(BellowsError) {
                    try Self.expect(name, isAddress: isAddress, of: session)
                    guard let incoming = BIO_new(BIO_s_mem()) else {
                        throw Self.error("TLS cannot be used: \(Self.failure().reason)")
                    }
                    guard let outgoing = BIO_new(BIO_s_mem()) else {
                        BIO_free(incoming)
                        throw Self.error("TLS cannot be used: \(Self.failure().reason)")
                    }
                    SSL_set_bio(session, incoming, outgoing)
                    SSL_set_connect_state(session)
                    self.name = name
                    self.context = context
                    self.session = session
                    (self.incoming, self.outgoing) = (incoming, outgoing)
                } catch {
                    SSL_free(session)
                    throw error
                }
            } catch {
                SSL_CTX_free(context)
                throw error
            }
        }

        deinit {
            SSL_free(session)
            SSL_CTX_free(context)
        }

        /// Whether bytes that came in have not been read yet.
        var hasBufferedInput: Bool { SSL_has_pending(session) == 1 || BIO_ctrl_pending(incoming) > 0 }

        /// Why the server's certificate is not accepted; nil if that is not the problem.
        var certificateProblem: String? {
            let code = SSL_get_verify_result(session)
            guard code != Int(X509_V_OK) else { return nil }
            return X509_verify_cert_error_string(code).map { String(cString: $0) } ?? "error \(code)"
        }

        /// Takes encrypted bytes from the other side. Memory takes them all.
        func feed(_ bytes: UnsafeRawBufferPointer) {
            _ = BIO_write(incoming, bytes.baseAddress, Int32(clamping: bytes.count))
        }

        /// Takes out the encrypted bytes for the other side.
        func takeOutput(into bytes: inout [UInt8]) {
            let count = BIO_ctrl_pending(outgoing)
            guard count > 0 else { return }
            let piece = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                initialized = max(0, Int(BIO_read(outgoing, buffer.baseAddress, Int32(clamping: count))))
            }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
        }

        /// Continues the handshake.
        func handshake() -> Step {
            ERR_clear_error()
            return step(SSL_do_handshake(session))
        }

        /// Decrypts some bytes.
        func read(into buffer: UnsafeMutableRawBufferPointer) -> Step {
            ERR_clear_error()
            return step(SSL_read(session, buffer.baseAddress, Int32(clamping: buffer.count)))
        }

        /// Encrypts some bytes.
        func write(_ bytes: UnsafeRawBufferPointer) -> Step {
            ERR_clear_error()
            return step(SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count)))
        }

        private func step(_ result: Int32) -> Step {
            if result > 0 { return .done(Int(result)) }
            switch SSL_get_error(session, result) {
            case SSL_ERROR_WANT_READ: return .needsInput
            case SSL_ERROR_ZERO_RETURN: return .ended
            default: return .failed(Self.failure())
            }
        }

        private static func configure(_ context: OpaquePointer, _ settings: RedisTLS) throws(BellowsError) {
            guard bellows_ssl_ctx_require_tls12(context) == 1 else {
                throw error("TLS 1.2 cannot be used: \(failure().reason)")
            }
            bellows_ssl_ctx_refuse_passphrases(context)
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
            if let file = settings.caFile {
                guard SSL_CTX_load_verify_locations(context, file, nil) == 1 else {
                    throw unusable(file, "with the trusted authorities")
                }
            } else if SSL_CTX_set_default_verify_paths(context) != 1 {
                throw error("the system's trusted authorities cannot be used: \(failure().reason)")
            }
            guard (settings.certificateFile == nil) == (settings.keyFile == nil) else {
                let file = settings.certificateFile ?? settings.keyFile ?? ""
                throw error(
                    "\(ErrorText.sanitize(file)) is of no use alone: a certificate needs a key, a key a certificate"
                )
            }
            guard let certificate = settings.certificateFile, let key = settings.keyFile else { return }
            guard SSL_CTX_use_certificate_chain_file(context, certificate) == 1 else {
                throw unusable(certificate, "with the client certificate")
            }
            guard SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1,
                SSL_CTX_check_private_key(context) == 1
            else { throw unusable(key, "with the key of the client certificate") }
        }

        /// Sets what has to stand in the certificate. Without it, any certificate of a trusted authority would do.
        private static func expect(
            _ name: String,
            isAddress: Bool,
            of session: OpaquePointer
        ) throws(BellowsError) {
            let parameters = SSL_get0_param(session)
            X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            let isSet =
                isAddress
                ? X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1
                    // The name is sent to the server too, which may have several certificates; addresses may not be.
                : SSL_set1_host(session, name) == 1 && bellows_ssl_set_server_name(session, name) == 1
            guard isSet, !name.isEmpty else {
                throw error("the server has no name that its certificate could have (set serverName): '\(name)'")
            }
        }

        private static func error(_ text: String) -> BellowsError { BellowsError(.invalidConfiguration, text) }

        /// A file that cannot be read, or holds something else.
        private static func unusable(_ file: String, _ what: String) -> BellowsError {
            error("the file \(ErrorText.sanitize(file)) \(what) cannot be used: \(failure().reason)")
        }

        /// The first thing that went wrong since the errors were cleared.
        private static func failure() -> TLSFailure {
            let code = ERR_get_error()
            guard code != 0 else { return TLSFailure(kind: .other, reason: "the connection was cut") }
            let number = bellows_err_reason(code)
            guard bellows_err_is_of_system(code) == 0 else {
                return TLSFailure(kind: .other, reason: Socket.text(number))
            }
            let reason = ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(number) of OpenSSL"
            return TLSFailure(kind: kind(number), reason: reason)
        }

        private static func kind(_ reason: Int32) -> TLSFailure.Kind {
            switch reason {
            case SSL_R_WRONG_VERSION_NUMBER, SSL_R_PACKET_LENGTH_TOO_LONG: .notTLS
            case SSL_R_SSLV3_ALERT_NO_CERTIFICATE, SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
                SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,
                SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
                SSL_R_TLSV1_ALERT_UNKNOWN_CA, SSL_R_TLSV1_ALERT_ACCESS_DENIED,
                SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
                .certificateRefused
            default: .other
            }
        }
    }
#endif
