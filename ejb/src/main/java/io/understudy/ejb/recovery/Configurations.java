package io.understudy.ejb.recovery;

import io.understudy.cluster.configuration.Document;
import io.understudy.cluster.configuration.Outcome;
import io.understudy.cluster.configuration.ReplicatedConfiguration;
import io.understudy.cluster.configuration.Version;
import io.understudy.cluster.document.YamlDocument;
import io.understudy.core.config.Checked;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.GroupFile;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.QuorumLoss;
import io.understudy.core.config.Surroundings;
import io.understudy.core.config.TwoToOne;
import io.understudy.core.node.NodeName;
import io.understudy.core.text.Messages;
import io.understudy.ejb.address.AddressChecks;
import io.understudy.ejb.control.ApplyView;
import io.understudy.ejb.control.ConfigurationView;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.InvalidConfigurationException;
import io.understudy.ejb.control.Problem;
import io.understudy.ejb.control.RefusedException;
import io.understudy.ejb.service.ServiceChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The groups of the cluster: read from the replicated configuration, changed through it. */
final class Configurations {

    private static final System.Logger LOG = System.getLogger(Configurations.class.getName());
    private static final long LIMIT_SECONDS = 10;
    private static final String NONE = "0.0";

    private final NodeConfiguration node;
    private final ReplicatedConfiguration replicated;
    private final Supplier<Set<NodeName>> witnesses;
    private final PastConfigurations past = new PastConfigurations(Configurations::groups);
    private volatile Optional<ServiceChecks> hosts = Optional.empty();
    private volatile Optional<AddressChecks> addresses = Optional.empty();
    private volatile Read read = new Read(NONE, List.of());

    /** What the document of a version says; parsed once. */
    private record Read(String version, List<GroupConfiguration> groups) {}

    Configurations(
            NodeConfiguration node,
            ReplicatedConfiguration replicated,
            Supplier<Set<NodeName>> witnesses) {
        this.node = node;
        this.replicated = replicated;
        this.witnesses = witnesses;
        replicated.current().ifPresent(past::keep);
        replicated.listen(past::keep);
    }

    /** Has every document checked against the hosts that are to serve before it is applied. */
    void checkHosts(ServiceChecks checks) {
        hosts = Optional.of(checks);
    }

    /** Has the addresses of every document checked against the hosts that are to have them. */
    void checkAddresses(AddressChecks checks) {
        addresses = Optional.of(checks);
    }

    String version() {
        return replicated.current().map(d -> d.version().toString()).orElse(NONE);
    }

    ConfigurationView view() {
        return new ConfigurationView(
                version(), replicated.current().map(Document::text).orElse(""));
    }

    /** Returns the groups in force; none where the document in force cannot be read here. */
    List<GroupConfiguration> groups() {
        Optional<Document> current = replicated.current();
        String version = current.map(d -> d.version().toString()).orElse(NONE);
        if (!read.version().equals(version)) {
            read = new Read(version, groups(current.orElseThrow().text()));
        }
        return read.groups();
    }

    private static List<GroupConfiguration> groups(String text) {
        Checked<List<GroupConfiguration>> read = YamlDocument.groups(text, Surroundings.unknown());
        if (!read.isGood()) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the configuration in force cannot be read by this version, nothing is"
                            + " changed: {0}",
                    read.problems());
        }
        return read.value().orElse(List.of());
    }

    ApplyView apply(String document, String by, boolean dryRun, Optional<String> expected)
            throws InvalidConfigurationException, RefusedException {
        Optional<Document> current = replicated.current();
        if (expected.isPresent() && !expected.get().equals(version())) {
            throw past.changed(expected.get(), current);
        }
        List<GroupConfiguration> before = groups();
        Checked<List<GroupConfiguration>> read =
                YamlDocument.groups(document, surroundings(before));
        requireGood(read);
        List<Problem> fixed = FixedParts.problems(before, read.value().orElseThrow());
        if (!fixed.isEmpty()) {
            throw new InvalidConfigurationException(fixed);
        }
        List<String> notices = new ArrayList<>(hostNotices(read.value().orElseThrow()));
        notices.addAll(addressNotices(read.value().orElseThrow(), before));
        List<GroupConfiguration> after = GroupFile.merge(before, read.value().orElseThrow());
        List<String> differences = new ArrayList<>();
        GroupFile.diff(before, after).forEach(change -> differences.add(change.line()));
        boolean same = differences.isEmpty();
        differences.addAll(notices);
        differences.addAll(voterNotices(after));
        differences.addAll(policyNotices(read.value().orElseThrow()));
        if (dryRun || same) {
            return new ApplyView(version(), false, differences);
        }
        return put(current, after, differences, by);
    }

    /**
     * Puts one group in the place of another as a whole, its nodes too.
     *
     * @param seen the group as it was when the change was decided on
     */
    ApplyView reshape(GroupConfiguration seen, GroupConfiguration wanted, String by)
            throws InvalidConfigurationException, RefusedException {
        Optional<Document> current = replicated.current();
        List<GroupConfiguration> before = groups();
        if (!before.contains(seen)) {
            throw past.changed(NONE, current);
        }
        Checked<List<GroupConfiguration>> read =
                GroupFile.read(GroupFile.toTree(wanted), surroundings(before));
        requireGood(read);
        // What is taken apart needs nothing new of a host.
        boolean joins = wanted.nodes().size() > seen.nodes().size();
        List<String> notices = joins ? hostNotices(read.value().orElseThrow()) : List.of();
        List<GroupConfiguration> after = GroupFile.merge(before, read.value().orElseThrow());
        List<String> differences = new ArrayList<>();
        GroupFile.diff(before, after).forEach(change -> differences.add(change.line()));
        differences.addAll(notices);
        return put(current, after, differences, by);
    }

    private Surroundings surroundings(List<GroupConfiguration> existing) {
        return Surroundings.of(node, existing).withWitnesses(witnesses.get());
    }

    private static void requireGood(Checked<?> read) throws InvalidConfigurationException {
        if (!read.isGood()) {
            throw new InvalidConfigurationException(
                    read.problems().stream()
                            .map(p -> new Problem(p.field(), p.problem(), p.mend()))
                            .toList());
        }
    }

    private ApplyView put(
            Optional<Document> current,
            List<GroupConfiguration> after,
            List<String> differences,
            String by)
            throws RefusedException {
        String text = YamlDocument.write(after.stream().map(GroupFile::toTree).toList());
        Outcome outcome = propose(current.map(Document::version), text, by);
        if (!outcome.accepted()) {
            String was = current.map(d -> d.version().toString()).orElse(NONE);
            throw past.changed(was, outcome.current());
        }
        return new ApplyView(
                outcome.current().orElseThrow().version().toString(), true, differences);
    }

    /**
     * Has every node that is to serve look at its host.
     *
     * @return which could not be asked
     * @throws InvalidConfigurationException if one lacks something
     */
    private List<String> hostNotices(List<GroupConfiguration> groups)
            throws InvalidConfigurationException {
        if (hosts.isEmpty()) {
            return List.of();
        }
        ServiceChecks.Findings found = hosts.get().check(groups);
        List<Problem> problems = new ArrayList<>();
        found.lacks()
                .forEach(
                        (on, lacks) ->
                                lacks.forEach(
                                        lack ->
                                                problems.add(
                                                        new Problem(
                                                                lack.field(),
                                                                "on " + on + ": " + lack.sentence(),
                                                                "Mend that on "
                                                                        + on
                                                                        + " or change the group"
                                                                        + " file."))));
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(problems);
        }
        return found.notAsked().stream().map(n -> notice("notice.HOST_NOT_CHECKED", n)).toList();
    }

    private List<String> voterNotices(List<GroupConfiguration> all) {
        return TwoToOne.among(all).stream()
                .filter(shape -> node.voters().containsAll(shape.primaries()))
                .map(
                        shape ->
                                "! "
                                        + Messages.in(Locale.ENGLISH)
                                                .text(
                                                        "notice.PRIMARIES_VOTE",
                                                        Map.of(
                                                                "first",
                                                                shape.first().value(),
                                                                "second",
                                                                shape.second().value(),
                                                                "backup",
                                                                shape.backup().value())))
                .toList();
    }

    /** What going on without a majority costs. */
    private static List<String> policyNotices(List<GroupConfiguration> applied) {
        return applied.stream()
                .filter(group -> group.onQuorumLoss() == QuorumLoss.CONTINUE)
                .map(
                        group ->
                                "! "
                                        + Messages.in(Locale.ENGLISH)
                                                .text(
                                                        "notice.GOES_ON",
                                                        Map.of("group", group.name())))
                .toList();
    }

    /**
     * What the operator should know of the addresses though nothing is wrong.
     *
     * @throws InvalidConfigurationException if one cannot come to a node that is to have it
     */
    private List<String> addressNotices(
            List<GroupConfiguration> groups, List<GroupConfiguration> before)
            throws InvalidConfigurationException {
        if (addresses.isEmpty()) {
            return List.of();
        }
        AddressChecks.Findings found = addresses.get().check(groups, before);
        if (!found.lacks().isEmpty()) {
            throw new InvalidConfigurationException(
                    found.lacks().stream()
                            .map(lack -> new Problem(lack.field(), lack.sentence(), lack.mend()))
                            .toList());
        }
        List<String> notices = new ArrayList<>();
        found.notPermitted().forEach(n -> notices.add(notice("notice.ADDRESSES_NOT_PERMITTED", n)));
        found.notAsked().forEach(n -> notices.add(notice("notice.ADDRESSES_NOT_CHECKED", n)));
        return notices;
    }

    private static String notice(String key, NodeName about) {
        return "! " + Messages.in(Locale.ENGLISH).text(key, Map.of("node", about.value()));
    }

    private Outcome propose(Optional<Version> expected, String text, String by)
            throws RefusedException {
        try {
            return replicated
                    .propose(expected, text, by)
                    .toCompletableFuture()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new RefusedException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "No majority of the members confirmed the configuration: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(
                    ErrorCode.OUTCOME_UNKNOWN, "Applying was interrupted; look what is in force.");
        }
    }
}
