import Foundation

/// Shifts the wall clock of programs that are started with its environment, by a time that can change at any moment.
///
/// It is a small C library that is loaded before libc (LD_PRELOAD), compiled with whatever compiler is there; the shift
/// stands in a file that the programs map. Monotonic clocks are left alone, as by an administrator who sets the date.
public final class ClockShim: Sendable {
    private let directory: String
    private var library: String { directory + "/clock.so" }
    private var file: String { directory + "/shift" }

    /// Compiles the library.
    ///
    /// - Throws: ``FixtureError`` if there is no compiler.
    public init() throws {
        directory = NSTemporaryDirectory() + "bellows-clock-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try step(to: 0)
        try Data(Self.source.utf8).write(to: URL(fileURLWithPath: directory + "/clock.c"))
        let compile = "-shared -fPIC -O1 -o '\(library)' '\(directory)/clock.c'"
        let (status, output) = try Program.run(["/bin/sh", "-c", "clang \(compile) 2>/dev/null || cc \(compile)"])
        guard status == 0 else { throw FixtureError("the clock shim does not compile: \(output)") }
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: directory)
        } catch {
            FileHandle.standardError.write(Data("\(directory) could not be removed: \(error)\n".utf8))
        }
    }

    /// What a program has to be started with, beside its own environment.
    public var environment: [String: String] { ["LD_PRELOAD": library, "BELLOWS_CLOCK_FILE": file] }

    /// Sets how far the programs' clocks are ahead.
    ///
    /// - Parameter seconds: negative for clocks that are behind.
    /// - Throws: whatever writing the file throws.
    public func step(to seconds: Int) throws {
        var nanoseconds = Int64(seconds) * 1_000_000_000
        let data = Data(bytes: &nanoseconds, count: 8)
        // In place, because the programs have mapped this very file.
        guard let handle = FileHandle(forWritingAtPath: file) else {
            return try data.write(to: URL(fileURLWithPath: file))
        }
        try handle.write(contentsOf: data)
        try handle.close()
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static long long shift(void) {
            static volatile long long *shared, nothing;
            if (!shared) {
                const char *path = getenv("BELLOWS_CLOCK_FILE");
                int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
                void *map = file < 0 ? MAP_FAILED : mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
                if (file >= 0) close(file);
                shared = map == MAP_FAILED ? &nothing : map;
            }
            return *shared;
        }
        int clock_gettime(clockid_t clock, struct timespec *time) {
            int result = syscall(SYS_clock_gettime, clock, time);
            if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
                time->tv_sec += shift() / 1000000000;
            return result;
        }
        int gettimeofday(struct timeval *restrict time, void *restrict zone) {
            struct timespec now;
            if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
            if (time) *time = (struct timeval){ now.tv_sec, now.tv_nsec / 1000 };
            return 0;
        }
        time_t time(time_t *result) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (result) *result = now.tv_sec;
            return now.tv_sec;
        }

        """
}
