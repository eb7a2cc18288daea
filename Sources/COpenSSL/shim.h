/* OpenSSL for rediss://. If this header is not found: apt-get install libssl-dev (brew install openssl@3), or build
 * without TLS: --disable-default-traits. Any OpenSSL from 1.1.1 on. */
#ifndef BELLOWS_COPENSSL_SHIM_H
#define BELLOWS_COPENSSL_SHIM_H

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#if OPENSSL_VERSION_NUMBER < 0x10101000L
#error "Bellows needs OpenSSL 1.1.1 or later, or no TLS: --disable-default-traits"
#endif

/* Function-like macros are not imported by Swift. */
static inline int bellows_ssl_ctx_require_tls12(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1;
}

/* By default OpenSSL asks the terminal for the passphrase of a key, and the thread of all connections would wait for it. */
static inline int bellows_no_passphrase(char *buffer, int size, int is_written, void *data) {
    (void)buffer, (void)size, (void)is_written, (void)data;
    return -1;
}

static inline void bellows_ssl_ctx_refuse_passphrases(SSL_CTX *context) {
    SSL_CTX_set_default_passwd_cb(context, bellows_no_passphrase);
}

static inline int bellows_err_reason(unsigned long code) {
    return ERR_GET_REASON(code);
}

/* Whether the reason of an error is one of errno. OpenSSL has no text for those. */
static inline int bellows_err_is_of_system(unsigned long code) {
    return ERR_GET_LIB(code) == ERR_LIB_SYS;
}

static inline int bellows_ssl_set_server_name(SSL *ssl, const char *name) {
    return SSL_set_tlsext_host_name(ssl, name) == 1;
}

#endif
