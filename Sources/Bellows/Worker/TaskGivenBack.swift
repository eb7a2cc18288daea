/// Thrown by a handler that has not worked on its task, for a reason that lies in this process or its host.
package struct TaskGivenBack: Error {
    /// Makes it.
    package init() {}
}
