package io.understudy.cluster.voters;

import com.hazelcast.core.HazelcastInstance;
import io.understudy.cluster.lease.LocalMembers;
import io.understudy.core.node.NodeName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A voter in a JVM of its own, so that it can be killed and stopped: {@code main} in the child, the
 * rest in the parent.
 */
final class VoterProcess {

    private final Process process;

    private VoterProcess(Process process) {
        this.process = process;
    }

    /** Starts member {@code index} of {@code members} and returns when it has joined. */
    static VoterProcess start(LocalMembers members, int index) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                List.of(
                        java,
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VoterProcess.class.getName(),
                        Integer.toString(index),
                        Integer.toString(members.plan(index).port()));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            // Ends with the process; a member that fails to start prints why and exits.
            String line =
                    new BufferedReader(
                                    new InputStreamReader(
                                            process.getInputStream(), StandardCharsets.UTF_8))
                            .readLine();
            if (!"READY".equals(line)) {
                throw new AssertionError("voter " + index + " did not start: " + line);
            }
            return new VoterProcess(process);
        } catch (IOException e) {
            throw new AssertionError("voter " + index + " cannot be started", e);
        }
    }

    /** As kill -9. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the child suspect {@code name}. */
    void suspect(NodeName name) {
        try {
            process.outputWriter().append(name.value()).append('\n').flush();
        } catch (IOException e) {
            throw new AssertionError("the child has ended", e);
        }
    }

    /** Sends {@code signal}, such as STOP or CONT. */
    void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new AssertionError("cannot signal", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The child: index and port. */
    public static void main(String[] args) throws IOException {
        int index = Integer.parseInt(args[0]);
        LocalMembers members = new LocalMembers(Integer.parseInt(args[1]));
        HazelcastInstance instance = members.plan(index).start();
        try (ClusterMember member =
                new ClusterMember(
                        instance,
                        LocalMembers.NAMES.get(index),
                        LocalMembers.hosts(),
                        members.plan(index).port(),
                        Duration.ofSeconds(3))) {
            System.out.println("READY");
            obey(member);
        }
        Runtime.getRuntime().halt(0);
    }

    /** Until the parent ends. */
    private static void obey(ClusterMember member) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            member.voters().suspect(Set.of(NodeName.of(line)));
        }
    }
}
