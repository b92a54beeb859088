package io.understudy.cli.port;

import io.understudy.core.instance.InstanceName;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Listens at ports and guards all but the last, where a test can stop it. Reads one letter at a
 * time: l begins to renew a lease of 1 s, e ends it, c closes the gate.
 */
final class GateMain {

    private GateMain() {}

    /** Takes ports. */
    public static void main(String[] arguments) throws Exception {
        List<Integer> ports = Arrays.stream(arguments).map(Integer::valueOf).toList();
        List<ServerSocket> listeners = new ArrayList<>();
        for (int port : ports) {
            // Nobody accepts: what connects waits there.
            listeners.add(new ServerSocket(port, 4_000));
        }
        InstanceName nms = InstanceName.of("nms");
        boolean renewing = false;
        long until = System.nanoTime();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        PortGate gate = HostPorts.open("test", System::nanoTime);
        gate.guard(nms, ports.subList(0, ports.size() - 1));
        while (end - System.nanoTime() > 0) {
            if (System.in.available() > 0) {
                int letter = System.in.read();
                renewing = letter == 'l';
                if (letter == 'e') {
                    until = System.nanoTime();
                } else if (letter == 'c') {
                    gate.close();
                }
            }
            if (renewing) {
                until = System.nanoTime() + 1_000_000_000L;
            }
            long valid = until;
            gate.tick(i -> OptionalLong.of(valid));
            System.out.println("problem=" + gate.problem());
            LockSupport.parkNanos(20_000_000L);
        }
        for (ServerSocket listener : listeners) {
            listener.close();
        }
    }
}
