package io.understudy.cli.address;

import io.understudy.core.address.WireReport;
import io.understudy.core.config.VirtualAddress;
import io.understudy.core.instance.InstanceName;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Keeps addresses for a minute, where the test can stop it, and prints what it hears. */
final class KeeperMain {

    private KeeperMain() {}

    /** Takes {@code ADDRESS/PREFIX dev INTERFACE}, one per argument. */
    public static void main(String[] arguments) {
        List<VirtualAddress> addresses =
                Arrays.stream(arguments)
                        .map(text -> VirtualAddress.parse(text).orElseThrow())
                        .toList();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        try (HostAddresses host = new HostAddresses(System::nanoTime, () -> {})) {
            host.keeper().serve(InstanceName.of("nms"), addresses);
            WireReport told = WireReport.NOTHING;
            while (end - System.nanoTime() > 0) {
                WireReport heard = new WireReport(host.keeper().rivals(), "");
                if (!heard.equals(told)) {
                    heard.lines().forEach(System.out::println);
                    told = heard;
                }
                host.keeper().tick(i -> OptionalLong.of(System.nanoTime() + 2_000_000_000L));
                LockSupport.parkNanos(20_000_000L);
            }
        }
    }
}
