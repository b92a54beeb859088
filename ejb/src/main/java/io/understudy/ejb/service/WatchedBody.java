package io.understudy.ejb.service;

import io.understudy.core.lease.Epoch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Nothing of ours: somebody else runs it, only its probe is asked. */
final class WatchedBody implements ServiceBody {

    @Override
    public void start(Epoch asOf) {}

    @Override
    public Optional<String> ended() {
        return Optional.empty();
    }

    @Override
    public boolean tellEnd(Runnable told) {
        return true;
    }

    @Override
    public ProbeResult look(Epoch asOf, Duration limit) {
        return ProbeResult.GOOD;
    }

    @Override
    public void stop(Epoch asOf, Duration limit) {}

    @Override
    public void kill() {}

    @Override
    public List<Long> processes() {
        return List.of();
    }
}
