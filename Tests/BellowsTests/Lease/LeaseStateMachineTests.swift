import Testing

@testable import Bellows

@Suite struct LeaseStateMachineTests {
    private let lease: Lease
    private let finish: AttemptReport
    private let fail: AttemptReport

    init() throws {
        lease = try Fixtures.lease()
        finish = .finish(FinishRequest(lease: lease))
        fail = .fail(FailRequest(lease: lease, disposition: .retry(.now), error: "no"))
    }

    private func machine() -> LeaseStateMachine {
        LeaseStateMachine(duration: .seconds(6), claimSentAt: Fixtures.at(0))
    }

    @Test func renewsAtOneThird() {
        var machine = machine()
        #expect(machine.nextInstant == Fixtures.at(2))
        #expect(machine.timePassed(Fixtures.at(1)) == nil)
        #expect(machine.timePassed(Fixtures.at(2)) == .renew)
        #expect(machine.timePassed(Fixtures.at(2.5)) == nil, "one operation at a time")
        #expect(machine.renewed(sentAt: Fixtures.at(2)) == nil)
        #expect(machine.deadline == Fixtures.at(8))
        #expect(machine.nextInstant == Fixtures.at(4))
    }

    @Test func failedRenewalIsRetriedUntilTheDeadlineCancelsTheWorker() {
        var machine = machine()
        #expect(machine.timePassed(Fixtures.at(2)) == .renew)
        #expect(machine.renewalFailed(Fixtures.at(2)) == nil)
        #expect(machine.nextInstant == Fixtures.at(2.3))
        #expect(machine.timePassed(Fixtures.at(2.3)) == .renew)
        #expect(machine.nextInstant == Fixtures.at(6), "the deadline counts even while a renewal is under way")
        #expect(machine.timePassed(Fixtures.at(6)) == .cancelWorker(.leaseLost))
        #expect(machine.renewalFailed(Fixtures.at(6.1)) == nil)
        #expect(machine.workerEnded(fail, at: Fixtures.at(7)) == .retire(.leaseLost), "a failure needs no report now")
    }

    @Test func finishedWorkIsOfferedEvenAfterTheLocalDeadline() {
        var machine = machine()
        #expect(machine.timePassed(Fixtures.at(30)) == .cancelWorker(.leaseLost))
        #expect(machine.workerEnded(finish, at: Fixtures.at(31)) == .report(finish))
        #expect(machine.reportAnswered(.leaseLost) == .retire(.leaseLost))
    }

    @Test func refusedRenewalCancelsTheWorkerAndDiscardsItsResult() {
        var machine = machine()
        #expect(machine.timePassed(Fixtures.at(2)) == .renew)
        #expect(machine.renewalRefused(Fixtures.at(2)) == .cancelWorker(.leaseLost))
        #expect(machine.workerEnded(finish, at: Fixtures.at(3)) == .retire(.leaseLost))
    }

    @Test("A worker whose task is cancelled keeps its lease, is told of once if it goes on, and reports as ever")
    func cancellation() {
        var machine = machine()
        let cause = CancellationCause.requested(reason: "why")
        #expect(machine.cancellationRequested(reason: "why", at: Fixtures.at(1)) == .cancelWorker(cause))
        #expect(machine.cancellationRequested(reason: "again", at: Fixtures.at(1)) == nil)
        #expect(machine.timePassed(Fixtures.at(2)) == .renew)
        #expect(machine.renewed(sentAt: Fixtures.at(2)) == nil)
        #expect(machine.timePassed(Fixtures.at(4)) == .renew)
        #expect(machine.renewed(sentAt: Fixtures.at(4)) == nil)
        #expect(machine.nextInstant == Fixtures.at(6))
        #expect(machine.timePassed(Fixtures.at(6)) == .reportOverrun)
        #expect(machine.isOverrun)
        #expect(machine.timePassed(Fixtures.at(6)) == .renew)
        #expect(machine.renewed(sentAt: Fixtures.at(6)) == nil)
        #expect(machine.workerEnded(fail, at: Fixtures.at(7)) == .report(fail))
        #expect(machine.cancellationRequested(reason: "late", at: Fixtures.at(7)) == nil)
        #expect(machine.reportAnswered(.done) == .retire(.reported))
    }

    @Test("A worker that goes on after its lease was lost is told of once")
    func overrun() {
        for isRefused in [true, false] {
            var machine = machine()
            #expect(machine.timePassed(Fixtures.at(2)) == .renew)
            if isRefused {
                #expect(machine.renewalRefused(Fixtures.at(6)) == .cancelWorker(.leaseLost))
            } else {
                #expect(machine.timePassed(Fixtures.at(6)) == .cancelWorker(.leaseLost))
                #expect(machine.renewalRefused(Fixtures.at(7)) == nil)
            }
            #expect(machine.nextInstant == Fixtures.at(11))
            #expect(machine.timePassed(Fixtures.at(10)) == nil)
            #expect(!machine.isOverrun)
            #expect(machine.timePassed(Fixtures.at(11)) == .reportOverrun)
            #expect(machine.isOverrun)
            #expect(machine.nextInstant == nil)
            #expect(machine.timePassed(Fixtures.at(12)) == nil)
            #expect(machine.workerEnded(finish, at: Fixtures.at(13)) == .retire(.leaseLost))
        }
    }

    @Test("A report that may have come through before says nothing of the lease")
    func unknownReports() {
        var machine = machine()
        #expect(machine.workerEnded(finish, at: Fixtures.at(1)) == .report(finish))
        #expect(machine.reportFailed(Fixtures.at(2), pause: .zero, mayBeDone: true) == nil)
        #expect(machine.timePassed(Fixtures.at(2.3)) == .report(finish))
        #expect(machine.reportAnswered(.leaseLost) == .retire(.outcomeUnknown))
    }

    @Test func reportWaitsForTheRenewalUnderWay() {
        var machine = machine()
        #expect(machine.timePassed(Fixtures.at(2)) == .renew)
        #expect(machine.workerEnded(finish, at: Fixtures.at(2.1)) == nil)
        #expect(machine.renewed(sentAt: Fixtures.at(2)) == .report(finish))
        #expect(machine.reportAnswered(.done) == .retire(.reported))
    }

    @Test func renewalRefusedWhileTheReportWaitsRetires() {
        var machine = machine()
        #expect(machine.timePassed(Fixtures.at(2)) == .renew)
        #expect(machine.workerEnded(finish, at: Fixtures.at(2.1)) == nil)
        #expect(machine.renewalRefused(Fixtures.at(2)) == .retire(.leaseLost))
    }

    @Test func undeliveredReportIsRepeatedForThreeLeases() {
        var machine = machine()
        #expect(machine.workerEnded(finish, at: Fixtures.at(1)) == .report(finish))
        #expect(machine.nextInstant == nil)
        #expect(machine.reportFailed(Fixtures.at(2), pause: .zero, mayBeDone: false) == nil)
        #expect(machine.nextInstant == Fixtures.at(2.3))
        #expect(machine.timePassed(Fixtures.at(2.3)) == .report(finish))
        #expect(machine.reportFailed(Fixtures.at(20), pause: .zero, mayBeDone: false) == .retire(.unreported))
    }

    @Test func reportThatCannotSucceedIsGivenUpAtOnce() {
        var machine = machine()
        #expect(machine.workerEnded(finish, at: Fixtures.at(1)) == .report(finish))
        #expect(machine.reportFailed(Fixtures.at(2), pause: nil, mayBeDone: false) == .retire(.unreported))
    }

    @Test func stoppingReleasesWhatDidNotFinish() {
        var machine = machine()
        #expect(machine.stop() == .cancelWorker(.shutdown))
        #expect(machine.workerEnded(fail, at: Fixtures.at(1)) == .report(.release(lease)))
        #expect(machine.reportAnswered(.done) == .retire(.reported))
    }

    @Test func stoppingKeepsWhatDidFinish() {
        var machine = machine()
        #expect(machine.stop() == .cancelWorker(.shutdown))
        #expect(machine.workerEnded(finish, at: Fixtures.at(1)) == .report(finish))
    }

    @Test func abandonedWorkerReportsOnlyOnce() {
        var machine = machine()
        #expect(machine.stop() == .cancelWorker(.shutdown))
        #expect(machine.abandon(lease, at: Fixtures.at(1)) == .report(.release(lease)))
        #expect(machine.workerEnded(finish, at: Fixtures.at(1.1)) == nil)
        #expect(machine.reportAnswered(.done) == .retire(.reported))
    }

    @Test func afterAnOutageOverdueLeasesAreRenewedAtOnce() {
        var machine = machine()
        #expect(machine.reconnected(Fixtures.at(1)) == nil)
        #expect(machine.timePassed(Fixtures.at(2)) == .renew)
        #expect(machine.renewalFailed(Fixtures.at(2.9)) == nil)
        #expect(machine.reconnected(Fixtures.at(3)) == .renew)
    }
}
