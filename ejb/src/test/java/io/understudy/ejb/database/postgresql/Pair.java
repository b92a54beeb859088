package io.understudy.ejb.database.postgresql;

import io.understudy.core.config.DatabaseConfiguration;
import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.SeedSource;
import io.understudy.ejb.database.Upstream;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.guard.GuardLink;
import io.understudy.ejb.process.Spawner;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Two nodes' copies of one database on two loopback addresses, joined without a network. */
final class Pair implements AutoCloseable {

    static final String NAME = "nms";

    final Spawner spawner = new Spawner();
    final ExecutorService workers = Executors.newCachedThreadPool();

    /** After so many bytes the copying stream breaks. */
    final AtomicLong cutAfter = new AtomicLong(Long.MAX_VALUE);

    final Side alpha;
    final Side beta;

    Pair(Path directory, PostgresBinaries binaries, int port) throws DatabaseException {
        Member a = new Member(NodeName.of("alpha"), "127.82.0.1");
        Member b = new Member(NodeName.of("beta"), "127.82.0.2");
        alpha = new Side(directory.resolve("alpha"), binaries, port, a, b);
        beta = new Side(directory.resolve("beta"), binaries, port, b, a);
    }

    /** A node's address on the second network. */
    static String direct(Member member) {
        return member.address().replace("127.82.0.", "127.83.0.");
    }

    /** One node's side. */
    final class Side {
        final Path data;
        final Member member;
        final int port;
        final PostgresPlace place;
        Optional<Member> partner;
        final PostgresEngine engine;

        Side(Path data, PostgresBinaries binaries, int port, Member member, Member peer)
                throws DatabaseException {
            this.data = data;
            this.member = member;
            this.port = port;
            this.partner = Optional.of(peer);
            place =
                    new PostgresPlace(
                            InstanceName.of("nms"),
                            new DatabaseConfiguration(
                                    NAME,
                                    DatabaseConfiguration.Engine.POSTGRESQL,
                                    DatabaseConfiguration.Protection.SYNCHRONOUS,
                                    DatabaseConfiguration.WithoutStandby.CONTINUE,
                                    port),
                            member,
                            () -> partner,
                            data,
                            false,
                            List.of(member.address(), direct(member)),
                            () ->
                                    partner.stream()
                                            .flatMap(p -> Stream.of(direct(p), p.address()))
                                            .toList(),
                            purpose -> "test-" + purpose);
            Children children = new Children(data.resolve("run"), spawner, GuardLink.none());
            SeedSource source = epoch -> copy(this, epoch);
            engine =
                    new PostgresEngine(
                            place, binaries, children, source, workers, System::nanoTime);
        }

        Upstream asUpstream() {
            return new Upstream(member.name(), List.of(member.address()), port);
        }

        Path root() {
            return data.resolve("databases").resolve("nms").resolve(NAME);
        }

        long postmaster() throws IOException {
            return Long.parseLong(
                    Files.readAllLines(root().resolve("data/postmaster.pid")).get(0).trim());
        }

        /** Connects as the application does, with the password file. */
        Connection connect() throws SQLException, IOException {
            return connect(1);
        }

        private Connection connect(int seconds) throws SQLException, IOException {
            Properties properties = new Properties();
            properties.setProperty("user", NAME);
            properties.setProperty(
                    "password", Files.readString(engine.access().passwordFile()).trim());
            properties.setProperty("connectTimeout", Integer.toString(seconds));
            properties.setProperty("loginTimeout", Integer.toString(seconds));
            properties.setProperty("socketTimeout", "10");
            properties.setProperty("sslmode", "disable");
            return new org.postgresql.Driver()
                    .connect(
                            "jdbc:postgresql://" + member.address() + ":" + port + "/" + NAME,
                            properties);
        }

        String ask(String sql) throws SQLException, IOException {
            try (Connection connection = connect(10)) {
                return Queries.text(connection, sql).orElse("");
            }
        }

        void execute(String sql) throws SQLException, IOException {
            try (Connection connection = connect(10)) {
                Queries.execute(connection, sql);
            }
        }
    }

    private InputStream copy(Side to, io.understudy.core.lease.Epoch epoch) throws IOException {
        Side from = to == alpha ? beta : alpha;
        PipedInputStream in = new PipedInputStream(256 * 1024);
        PipedOutputStream out = new PipedOutputStream(in);
        workers.execute(
                () -> {
                    try (out) {
                        from.engine.seed(epoch, out);
                    } catch (IOException | DatabaseException e) {
                        System.out.println("copying ended: " + e.getMessage());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        return new FilterInputStream(in) {
            private long left = cutAfter.get();

            @Override
            public int read() throws IOException {
                count(1);
                return super.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = super.read(bytes, offset, length);
                count(read);
                return read;
            }

            private void count(int read) throws IOException {
                left -= read;
                if (left < 0) {
                    throw new IOException("the stream was cut");
                }
            }
        };
    }

    @Override
    public void close() {
        alpha.engine.close();
        beta.engine.close();
        workers.shutdownNow();
        spawner.close();
    }
}
