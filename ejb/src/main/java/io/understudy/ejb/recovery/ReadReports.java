package io.understudy.ejb.recovery;

import io.understudy.cluster.report.Report;
import io.understudy.core.node.NodeName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Peers' reports, each read out of its text once. Any thread. */
final class ReadReports {

    private record Read(Report report, Optional<NodeReport> content) {}

    private final Map<NodeName, Read> newest = new ConcurrentHashMap<>();

    /** Returns what a report says; empty if it cannot be read. */
    Optional<NodeReport> of(Report report) {
        Read known = newest.get(report.node());
        if (known == null || known.report() != report) {
            known = new Read(report, ReportText.read(report.json()));
            newest.put(report.node(), known);
        }
        return known.content();
    }
}
