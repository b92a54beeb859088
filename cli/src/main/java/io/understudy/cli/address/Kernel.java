package io.understudy.cli.address;

import io.understudy.core.config.VirtualAddress;
import java.io.IOException;

/** The addresses on this host's interfaces. */
interface Kernel {

    /**
     * Installs an address, or renews it where it is: from now on it stays for {@code seconds}, and
     * then the kernel takes it away, whatever has become of this process.
     *
     * @param seconds at least 1
     * @throws IOException if it is refused: cause
     */
    void install(VirtualAddress address, int seconds) throws IOException;

    /**
     * Takes an address away; nothing happens where it is not.
     *
     * @throws IOException if it is refused: cause
     */
    void remove(VirtualAddress address) throws IOException;
}
