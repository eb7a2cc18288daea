#if FUZZING
    import Foundation

    /// libFuzzer's own main loop.
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runFuzzer(
        _ count: UnsafeMutablePointer<Int32>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
    ) -> Int32

    /// Feeds hostile replies to the path that replies take; scripts/fuzz.sh builds it.
    @main enum BellowsFuzz {
        static func main() {
            var count = CommandLine.argc
            var arguments = CommandLine.unsafeArgv
            let status = runFuzzer(&count, &arguments) { bytes, count in
                guard let bytes, count > 0 else { return 0 }
                // The first byte says in pieces of which size the others come.
                let all = UnsafeRawBufferPointer(start: bytes, count: count)
                _ = ReplyPath.run(UnsafeRawBufferPointer(rebasing: all.dropFirst()), pieceSize: Int(all[0]))
                return 0
            }
            exit(status)
        }
    }
#else
    /// Without the fuzzer's library there is nothing to do.
    @main enum BellowsFuzz {
        static func main() { print("build it with scripts/fuzz.sh") }
    }
#endif
