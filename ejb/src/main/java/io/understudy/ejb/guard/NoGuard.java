package io.understudy.ejb.guard;

import io.understudy.core.address.WireReport;
import io.understudy.core.config.VirtualAddress;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.time.Moment;
import io.understudy.ejb.process.ProcessIdentity;
import java.nio.file.Path;
import java.util.List;

/** Nobody guards: for tests and for servers that were not started by the launcher. */
final class NoGuard implements GuardLink {

    @Override
    public boolean guarded() {
        return false;
    }

    @Override
    public boolean required() {
        return false;
    }

    @Override
    public void alive() {}

    @Override
    public void lease(InstanceName instance, Epoch epoch, Moment validUntil) {}

    @Override
    public void noLease(InstanceName instance, Epoch epoch) {}

    @Override
    public void addresses(InstanceName instance, List<VirtualAddress> addresses) {}

    @Override
    public void noAddresses(InstanceName instance) {}

    @Override
    public void announce(InstanceName instance) {}

    @Override
    public void probe(List<VirtualAddress> addresses) {}

    @Override
    public void ports(InstanceName instance, List<Integer> ports) {}

    @Override
    public void look() {}

    @Override
    public WireReport heard() {
        return WireReport.NOTHING;
    }

    @Override
    public void child(InstanceName instance, ProcessIdentity process, ChildKind kind) {}

    @Override
    public void kind(ProcessIdentity process, ChildKind kind) {}

    @Override
    public void group(InstanceName instance, Path directory) {}

    @Override
    public void ungroup(Path directory) {}

    @Override
    public void gone(ProcessIdentity process) {}

    @Override
    public void close() {}
}
