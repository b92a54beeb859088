package io.understudy.ejb.control;

import io.understudy.core.instance.InstanceName;
import java.util.Objects;

/**
 * What an operator asks of one service.
 *
 * @param instance whose service
 * @param service its name in the group file
 * @param start true: start it; false: stop it
 * @param confirmed the operator knows that this may move the instance
 * @param by who asked, for the event log
 */
public record ServiceCommand(
        InstanceName instance, String service, boolean start, boolean confirmed, String by) {

    /** Refuses nulls. */
    public ServiceCommand {
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(by, "by");
    }
}
