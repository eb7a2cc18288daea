import Foundation

/// An authority of a test's own, made by the command `openssl`, and the certificates that it signs.
public final class CertificateAuthority: Sendable {
    /// A certificate and its key, as PEM files.
    public struct Identity: Sendable {
        /// The path of the certificate.
        public let certificate: String
        /// The path of the key.
        public let key: String
    }

    private let directory: String
    /// The path of the authority's own certificate.
    public var certificate: String { "\(directory)/ca.pem" }

    /// Makes an authority.
    ///
    /// - Throws: ``FixtureError`` if `openssl` fails.
    public init() throws {
        directory = NSTemporaryDirectory() + "bellows-ca-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Self.openssl(
            ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=bellows test authority"] + Self.newKey
                + ["-keyout", "\(directory)/ca.key", "-out", "\(directory)/ca.pem"]
        )
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: directory)
        } catch {
            FileHandle.standardError.write(Data("\(directory) could not be removed: \(error)\n".utf8))
        }
    }

    /// Signs a certificate.
    ///
    /// - Parameters:
    ///   - names: as in `["DNS:localhost", "IP:127.0.0.1"]`.
    ///   - days: for how long it is good; negative for one that has expired.
    ///   - passphrase: what the key is encrypted with; nil for a key that can be read.
    /// - Throws: ``FixtureError`` if `openssl` fails.
    public func identity(names: [String], days: Int = 2, passphrase: String? = nil) throws -> Identity {
        let base = "\(directory)/\(UUID().uuidString)"
        try Data("subjectAltName=\(names.joined(separator: ","))\n".utf8).write(to: URL(fileURLWithPath: "\(base).ext"))
        try Self.openssl(
            ["req", "-subj", "/CN=bellows test"] + (passphrase.map { ["-passout", "pass:\($0)"] } ?? ["-nodes"])
                + Self.newKey
                + ["-keyout", "\(base).key", "-out", "\(base).csr"]
        )
        try Self.openssl([
            "x509", "-req", "-in", "\(base).csr", "-CA", certificate, "-CAkey", "\(directory)/ca.key",
            "-CAcreateserial",
            "-days", String(days), "-extfile", "\(base).ext", "-out", "\(base).pem",
        ])
        return Identity(certificate: "\(base).pem", key: "\(base).key")
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]

    /// Runs `openssl`, without input, and throws if it fails.
    static func openssl(_ arguments: [String]) throws {
        let (status, output) = try Program.run(["openssl"] + arguments)
        guard status == 0 else { throw FixtureError("openssl \(arguments[0]): \(output)") }
    }
}
