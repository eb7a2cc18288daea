// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "Examples",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "bellows-swift", path: "../"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The README's example, word for word.
        .executableTarget(
            name: "QuickStart",
            dependencies: [
                .product(name: "Bellows", package: "bellows-swift"),
                .product(name: "BellowsRedis", package: "bellows-swift"),
            ]
        ),
        // A worker that starts, serves and drains as part of a ServiceGroup.
        .executableTarget(
            name: "Service",
            dependencies: [
                .product(name: "Bellows", package: "bellows-swift"),
                .product(name: "BellowsRedis", package: "bellows-swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        // What the article on backends shows, built as a stranger would: without package access.
        .testTarget(
            name: "BackendAuthorTests",
            dependencies: [
                .product(name: "Bellows", package: "bellows-swift"),
                .product(name: "BellowsConformance", package: "bellows-swift"),
            ]
        ),
    ]
)
