/// Why a TLS session is broken.
struct TLSFailure: Equatable {
    /// What it means for us.
    enum Kind: Equatable {
        /// The other side speaks something else than TLS.
        case notTLS
        /// The other side does not accept our certificate, or that we have none. With TLS 1.3 it says so only after the
        /// handshake.
        case certificateRefused
        /// Everything else, which may pass.
        case other
    }

    let kind: Kind
    /// OpenSSL's own words, or the system's.
    let reason: String
}
