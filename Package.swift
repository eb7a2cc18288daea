// swift-tools-version: 6.3
import PackageDescription

/// One set of strict settings for every target of ours.
let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let serviceLifecycle = Target.Dependency.product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle",
    condition: .when(traits: ["ServiceLifecycle"])
)

let openSSL = Target.Dependency.target(name: "COpenSSL", condition: .when(traits: ["TLS"]))

let package = Package(
    name: "bellows-swift",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Bellows", targets: ["Bellows"]),
        .library(name: "BellowsRedis", targets: ["BellowsRedis"]),
        .library(name: "BellowsTesting", targets: ["BellowsTesting"]),
        .library(name: "BellowsConformance", targets: ["BellowsConformance"]),
    ],
    traits: [
        .trait(
            name: "ServiceLifecycle",
            description: "WorkerDispatcher and RedisBackend are services of swift-service-lifecycle."
        ),
        .trait(name: "TLS", description: "rediss:// URLs, by OpenSSL."),
        .default(enabledTraits: ["ServiceLifecycle", "TLS"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        // Threads, timers, the event loop and the system's random bits: all that the core needs of the C library.
        .target(
            name: "BellowsRuntime",
            dependencies: [heap, deque],
            swiftSettings: settings
        ),
        // The core: knows no store, no C library and no console.
        .target(
            name: "Bellows",
            dependencies: ["BellowsRuntime", logging, heap, deque, serviceLifecycle],
            swiftSettings: settings
        ),
        .systemLibrary(
            name: "CHiredis",
            providers: [.apt(["libhiredis-dev"]), .brew(["hiredis"])]
        ),
        // Only needed with the trait TLS.
        .systemLibrary(
            name: "COpenSSL",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]
        ),
        .target(
            name: "BellowsRedis",
            dependencies: ["Bellows", "BellowsRuntime", "CHiredis", openSSL, logging, deque, serviceLifecycle],
            // A symbolic link to lua/ at the root, the only source of the scripts.
            resources: [.embedInCode("lua")],
            swiftSettings: settings
        ),
        // For tests of applications: a manual clock, a backend with faults, recording workers.
        .target(
            name: "BellowsTesting",
            dependencies: ["Bellows", "BellowsRuntime", logging],
            swiftSettings: settings
        ),
        // For authors of backends: the list of checks that every backend has to pass.
        .target(
            name: "BellowsConformance",
            dependencies: ["Bellows", "BellowsRuntime", "BellowsTesting", logging],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "BellowsCLI",
            dependencies: [
                "Bellows", "BellowsRuntime", "BellowsRedis", arguments, deque, logging,
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                // The file descriptors and paths of swift-subprocess; on Apple's platforms the SDK has them.
                .product(name: "SystemPackage", package: "swift-system", condition: .when(platforms: [.linux])),
            ],
            swiftSettings: settings
        ),
        // Measurements and fault experiments; no product, so it costs dependents nothing.
        .executableTarget(
            name: "bellows-bench",
            dependencies: [
                "Bellows", "BellowsRuntime", "BellowsRedis", "BellowsTesting", "BellowsHistory", "RedisFixture",
                "RedisHistory",
                arguments,
                logging,
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            path: "Benchmarks/BellowsBench",
            swiftSettings: settings
        ),
        // Hostile replies for the reply path; see scripts/fuzz.sh.
        .executableTarget(
            name: "bellows-fuzz",
            dependencies: ["Bellows", "BellowsRedis"],
            path: "Tests/Fuzz",
            swiftSettings: settings
        ),
        // A private redis-server for tests and experiments, which dies with its owner.
        .target(
            name: "RedisFixture",
            dependencies: ["BellowsTesting"],
            path: "Tests/Support/RedisFixture",
            swiftSettings: settings
        ),
        // How many tests run at the same time, for how long, and for whom.
        .target(
            name: "TestTurns",
            dependencies: ["BellowsTesting"],
            path: "Tests/Support/TestTurns",
            swiftSettings: settings
        ),
        // Random programs of clients and workers, and what must hold in what they saw.
        .target(
            name: "BellowsHistory",
            dependencies: ["Bellows", "BellowsRuntime", "BellowsTesting"],
            path: "Tests/Support/BellowsHistory",
            swiftSettings: settings
        ),
        // A history that servers have written down, judged by a reference model.
        .target(
            name: "RedisHistory",
            dependencies: ["Bellows", "BellowsRuntime", "BellowsHistory", "RedisFixture"],
            path: "Tests/Support/RedisHistory",
            swiftSettings: settings
        ),
        .testTarget(
            name: "BellowsTests",
            dependencies: [
                "Bellows", "BellowsRuntime", "BellowsTesting", "BellowsConformance", "BellowsHistory", "TestTurns",
                logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BellowsRedisTests",
            dependencies: ["Bellows", "BellowsRuntime", "BellowsRedis", "BellowsTesting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BellowsRedisIntegrationTests",
            dependencies: [
                "Bellows", "BellowsRuntime", "BellowsRedis", "BellowsTesting", "BellowsConformance", "BellowsHistory",
                "RedisFixture", "RedisHistory", "TestTurns", logging,
                .product(name: "InMemoryLogging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BellowsBenchTests",
            dependencies: ["bellows-bench", "RedisHistory"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BellowsCLITests",
            dependencies: [
                "Bellows", "BellowsRuntime", "BellowsRedis", "BellowsCLI", "BellowsTesting", "RedisFixture",
                "TestTurns",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
    ]
)
