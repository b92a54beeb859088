package io.understudy.web.house;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Set;

/** Who may know whom, and what only a few may touch. Each rule's reason says the mend. */
@AnalyzeClasses(packages = "io.understudy", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {

    /**
     * The only classes that ask for the wall clock; the others are given a {@link java.time.Clock}.
     */
    private static final Set<String> WALL_CLOCK =
            Set.of(
                    "io.understudy.cluster.member.Peering",
                    "io.understudy.ejb.recovery.NodeRuntime",
                    // Names a copy that is set aside, for people.
                    "io.understudy.ejb.database.postgresql.CopyDirectory");

    /** What java.net and java.nio have that touches nothing. */
    private static final String PURE =
            "java\\.net\\.URI.*|java\\.nio\\.charset\\.StandardCharsets|java\\.nio\\.charset\\.Charset";

    /** The only classes that print: they are commands. */
    private static final Set<String> PRINTING =
            Set.of(
                    "io.understudy.cluster.witness.WitnessMain",
                    "io.understudy.cluster.witness.StandInMain",
                    "io.understudy.cluster.witness.CommandLine");

    @ArchTest
    static final ArchRule CORE_IS_PURE =
            classes()
                    .that()
                    .resideInAPackage("io.understudy.core..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("java..", "io.understudy.core..")
                    .because(
                            "the core decides and touches nothing: put the interface (port) into"
                                    + " core and what needs a library into cluster or ejb");

    @ArchTest
    static final ArchRule CORE_HAS_NO_THREAD_FILE_OR_SOCKET =
            noClasses()
                    .that()
                    .resideInAPackage("io.understudy.core..")
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage("java.net..", "java.nio..", "java.sql..")
                                    .and(DescribedPredicate.not(nameMatching(PURE)))
                                    .or(named("java.lang.Thread"))
                                    .or(named("java.io.File"))
                                    .or(named("java.util.concurrent.Executors")))
                    .because(
                            "the core is a function of situation and event: return an effect and"
                                    + " let the shell do it");

    @ArchTest
    static final ArchRule CLUSTER_KNOWS_NO_JAKARTA =
            noClasses()
                    .that()
                    .resideInAPackage("io.understudy.cluster..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("jakarta..", "io.understudy.ejb..", "io.understudy.web..")
                    .because(
                            "the witness runs cluster without an app server: move what needs"
                                    + " Jakarta into ejb");

    @ArchTest
    static final ArchRule EJB_KNOWS_NO_WEB =
            noClasses()
                    .that()
                    .resideInAPackage("io.understudy.ejb..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.understudy.web..", "jakarta.ws.rs..", "jakarta.servlet..")
                    .because("faces ask through io.understudy.ejb.control, never the reverse");

    @ArchTest
    static final ArchRule FEATURES_DO_NOT_KNOW_RECOVERY =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "io.understudy.ejb.service..",
                            "io.understudy.ejb.database..",
                            "io.understudy.ejb.process..",
                            "io.understudy.ejb.guard..",
                            "io.understudy.ejb.control..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.understudy.ejb.recovery..")
                    .because(
                            "recovery uses the features: give the feature a callback or return"
                                    + " facts");

    @ArchTest
    static final ArchRule WEB_ASKS_THROUGH_CONTROL =
            noClasses()
                    .that()
                    .resideInAPackage("io.understudy.web..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.understudy.cluster..",
                            "io.understudy.ejb.recovery..",
                            "io.understudy.ejb.service..",
                            "io.understudy.ejb.database..",
                            "io.understudy.ejb.process..",
                            "io.understudy.ejb.guard..")
                    .because("a face asks io.understudy.ejb.control: add a method there");

    @ArchTest
    static final ArchRule PACKAGES_ARE_FEATURES =
            noClasses()
                    .should()
                    .resideInAnyPackage(
                            "..util..",
                            "..utils..",
                            "..impl..",
                            "..manager..",
                            "..helper..",
                            "..helpers..",
                            "..common..",
                            "..misc..")
                    .because("a package is a feature: name it after what it does for an operator");

    @ArchTest
    static final ArchRule FEATURES_OF_THE_SHELL_HAVE_NO_CYCLES =
            SlicesRuleDefinition.slices()
                    .matching("io.understudy.ejb.(*)..")
                    .should()
                    .beFreeOfCycles()
                    .because("two features that know each other are one, or lack a third");

    @ArchTest
    static final ArchRule NOBODY_PRINTS =
            noClasses()
                    .that(areNot(PRINTING))
                    .and()
                    .resideOutsideOfPackage("io.understudy.cli..")
                    .should()
                    .accessField(System.class, "out")
                    .orShould()
                    .accessField(System.class, "err")
                    .orShould()
                    .callMethod(Throwable.class, "printStackTrace")
                    .because("a node's words go to its log: use System.Logger");

    @ArchTest
    static final ArchRule TIME_IS_GIVEN =
            classes()
                    .that(areNot(WALL_CLOCK))
                    .and()
                    .resideOutsideOfPackage("io.understudy.cli..")
                    .should(not(callMethodWhere(asksTheWallClock())))
                    .because(
                            "wall time is for people and comes as a Clock; durations are counted"
                                    + " with an injected nanoTime");

    @ArchTest
    static final ArchRule NOBODY_SLEEPS =
            noClasses()
                    .should()
                    .callMethod(Thread.class, "sleep", long.class)
                    .orShould()
                    .callMethod(Thread.class, "sleep", long.class, int.class)
                    .because("wait on a condition with a limit, or let an executor schedule it");

    private static DescribedPredicate<JavaCall<?>> asksTheWallClock() {
        DescribedPredicate<JavaCall<?>> now =
                target(nameMatching("now")).and(target(owner(resideInAnyPackage("java.time"))));
        DescribedPredicate<JavaCall<?>> withoutClock =
                DescribedPredicate.describe(
                        "without a clock",
                        call ->
                                call.getTarget().getRawParameterTypes().stream()
                                        .noneMatch(p -> p.getName().equals("java.time.Clock")));
        DescribedPredicate<JavaCall<?>> system =
                target(nameMatching("currentTimeMillis|system|systemUTC|systemDefaultZone"))
                        .and(target(owner(named("java.lang.System").or(named("java.time.Clock")))));
        return now.and(withoutClock).or(system).as("asks for the wall clock");
    }

    private static DescribedPredicate<JavaClass> areNot(Set<String> names) {
        return DescribedPredicate.describe(
                "are not among " + names, one -> !names.contains(one.getName()));
    }

    private static DescribedPredicate<JavaClass> named(String name) {
        return DescribedPredicate.describe(name, one -> one.getName().equals(name));
    }
}
