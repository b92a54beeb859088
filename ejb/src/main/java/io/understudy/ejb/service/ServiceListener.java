package io.understudy.ejb.service;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.service.ServiceFacts;

/** Hears of services. */
public interface ServiceListener {

    /**
     * A service's condition changed; {@code FAILED} of a critical service is the wish to move the
     * instance. Called in the order of the changes, while the runner is locked: must neither block
     * nor call the runner back.
     */
    void changed(InstanceName instance, ServiceFacts facts);
}
