package io.understudy.core;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * The core decides and does nothing else. What breaks a rule here belongs into a shell (cluster,
 * ejb, cli), behind a port.
 */
@AnalyzeClasses(
        packages = "io.understudy.core",
        importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class PurityTest {

    private static final DescribedPredicate<JavaClass> PARSING =
            JavaClass.Predicates.belongToAnyOf(URI.class, URISyntaxException.class);

    @ArchTest
    static final ArchRule touches_no_file_and_no_socket =
            noClasses()
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                            "java.io..",
                                            "java.nio.file..",
                                            "java.nio.channels..",
                                            "java.net..",
                                            "java.sql..",
                                            "javax.net..")
                                    .and(DescribedPredicate.not(PARSING))
                                    // Exceptions, enums and records are serialisable by nature.
                                    .and(
                                            DescribedPredicate.not(
                                                    JavaClass.Predicates.belongToAnyOf(
                                                            java.io.Serializable.class,
                                                            java.io.ObjectInputStream.class))));

    @ArchTest
    static final ArchRule knows_no_framework =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideOutsideOfPackages("io.understudy.core..", "java..");

    @ArchTest
    static final ArchRule starts_no_thread =
            noClasses()
                    .should()
                    .dependOnClassesThat(
                            JavaClass.Predicates.belongToAnyOf(
                                            Thread.class,
                                            Runtime.class,
                                            ProcessBuilder.class,
                                            java.util.Timer.class)
                                    .or(
                                            JavaClass.Predicates.assignableTo(
                                                    java.util.concurrent.Executor.class)));

    @ArchTest
    static final ArchRule reads_no_clock =
            noClasses()
                    .should()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(java.time.Clock.class)
                    .orShould()
                    .callMethod(java.time.Instant.class, "now")
                    .because("time is an argument: the simulator's is not the wall's");

    @ArchTest
    static final ArchRule draws_no_lots =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(java.util.Random.class)
                    .orShould()
                    .callMethod(Math.class, "random")
                    .orShould()
                    .callMethod(java.util.UUID.class, "randomUUID")
                    .because("the same situation must lead to the same decision");

    @ArchTest
    static final ArchRule features_do_not_go_in_circles =
            slices().matching("io.understudy.core.(*)..").should().beFreeOfCycles();
}
