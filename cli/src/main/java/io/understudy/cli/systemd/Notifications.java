package io.understudy.cli.systemd;

import java.io.IOException;

/** Where notifications go. */
interface Notifications extends AutoCloseable {

    /**
     * Sends assignments like {@code READY=1}, one a line.
     *
     * @throws IOException if nobody takes them
     */
    void send(String assignments) throws IOException;

    @Override
    void close();
}
