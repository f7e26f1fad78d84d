package dev.ringside.integration.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The three walls, and the one direction of dependencies, over the compiled classes of all rooms.
@AnalyzeClasses(packages = "dev.ringside", importOptions = DoNotIncludeTests.class)
class WallsTest {

  @ArchTest
  final ArchRule onlyTheBpfRoomTouchesNativeMemory =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.ringside.bpf..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.lang.foreign..");

  @ArchTest
  final ArchRule theBpfRoomKnowsNoOpenTelemetry =
      noClasses()
          .that()
          .resideInAPackage("dev.ringside.bpf..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..");

  @ArchTest
  final ArchRule receiversSeeTheSdkOnlyInTheirTelemetry =
      noClasses()
          .that()
          .resideInAPackage("dev.ringside.receivers..")
          .and()
          .resideOutsideOfPackage("dev.ringside.receivers.telemetry..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.opentelemetry.sdk..", "io.opentelemetry.exporter..");

  @ArchTest
  final ArchRule theGeneratedBindingsAreSeenOnlyByTheBpfRoom =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.ringside.bpf", "dev.ringside.bpf.libbpf")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.ringside.bpf.libbpf..");

  @ArchTest
  final ArchRule roomsDependInOneDirection =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("otel-config")
          .definedBy("dev.ringside.config..")
          .layer("receivers")
          .definedBy("dev.ringside.receivers..")
          .layer("bpf")
          .definedBy("dev.ringside.bpf..")
          .layer("semconv")
          .definedBy("dev.ringside.semconv..")
          .whereLayer("otel-config")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("receivers")
          .mayOnlyBeAccessedByLayers("otel-config")
          .whereLayer("bpf")
          .mayNotAccessAnyLayer()
          .whereLayer("semconv")
          .mayNotAccessAnyLayer();
}
