package org.centerloss;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/** The layers that CONTRIBUTING.md draws: imports point downward. */
class LayersTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("org.centerloss");

    @Test
    void importsPointDownward() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("cli")
                .definedBy("..cli..")
                .layer("measure")
                .definedBy("..verify..", "..bench..", "..report..", "..interchange..")
                .layer("train")
                .definedBy("..train..")
                .layer("metrics")
                .definedBy("..metrics..")
                .layer("loss")
                .definedBy("..loss..")
                .layer("model")
                .definedBy("..model..")
                .layer("data")
                .definedBy("..data..")
                .layer("wire")
                .definedBy("..wire..")
                .layer("file")
                .definedBy("..file..")
                .layer("device")
                .definedBy("..device..")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("measure")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("train")
                .mayOnlyBeAccessedByLayers("cli", "measure")
                .whereLayer("metrics")
                .mayOnlyBeAccessedByLayers("cli", "measure", "train")
                .whereLayer("metrics")
                .mayNotAccessAnyLayer()
                .whereLayer("loss")
                .mayOnlyBeAccessedByLayers("cli", "measure", "train")
                .whereLayer("model")
                .mayOnlyBeAccessedByLayers("cli", "measure", "train", "loss")
                .whereLayer("data")
                .mayOnlyBeAccessedByLayers("cli", "measure", "train")
                .whereLayer("wire")
                .mayOnlyBeAccessedByLayers("measure")
                .whereLayer("file")
                .mayNotAccessAnyLayer()
                .check(CLASSES);
    }

    @Test
    void devicesAreReachedOnlyThroughDevicesOpen() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackages(
                        "..device.cpu..", "..device.cuda..", "..device.reference..")
                .and()
                .doNotHaveFullyQualifiedName("org.centerloss.device.Devices")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..device.cpu..", "..device.cuda..", "..device.reference..")
                .check(CLASSES);
    }

    @Test
    void theReferenceSharesNoCodeWithOtherDevices() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("..device.reference..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..device.cpu..",
                        "..device.cuda..",
                        "org.bytedeco..",
                        "jcuda..",
                        "com.sun.jna..")
                .check(CLASSES);
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAnyPackage("..device.cpu..", "..device.cuda..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..device.reference..")
                .check(CLASSES);
    }

    @Test
    void theCpuAndTheCudaDeviceShareNoCode() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("..device.cuda..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..device.cpu..", "org.bytedeco..")
                .check(CLASSES);
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("..device.cpu..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..device.cuda..")
                .check(CLASSES);
    }

    @Test
    void jcudaIsTouchedOnlyByTheCudaDevice() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackage("..device.cuda..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jcuda..")
                .check(CLASSES);
    }

    @Test
    void oneDnnIsTouchedOnlyByTheCpuDevice() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackage("..device.cpu..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }
}
