package io.understudy.ejb.info;

import io.understudy.core.info.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the host's firmware says of it (DMI, through sysfs); some of it only to root. */
final class Firmware {

    private static final Path DMI = Path.of("/sys/class/dmi/id");

    private Firmware() {}

    static Machine machine() {
        return machine(DMI);
    }

    static Machine machine(Path directory) {
        return new Machine(
                read(directory.resolve("product_name")),
                read(directory.resolve("product_version")),
                read(directory.resolve("product_serial")));
    }

    private static Optional<String> read(Path file) {
        try {
            String text = Files.readString(file).strip();
            return text.isEmpty() || text.equals("None") || text.equals("Not Specified")
                    ? Optional.empty()
                    : Optional.of(text);
        } catch (IOException notToBeHad) {
            return Optional.empty();
        }
    }
}
