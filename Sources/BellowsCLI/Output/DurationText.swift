/// A duration for people: one or two units, such as `1h 5m` or `2.5s`.
enum DurationText {
    static func text(_ duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        guard seconds >= 60 else { return "\((seconds * 10).rounded(.up) / 10)s" }
        let whole = Int(seconds.rounded(.up))
        let units = [("d", whole / 86_400), ("h", whole / 3600 % 24), ("m", whole / 60 % 60), ("s", whole % 60)]
        return units.drop { $0.1 == 0 }.prefix(2).filter { $0.1 > 0 }.map { "\($0.1)\($0.0)" }.joined(separator: " ")
    }
}
