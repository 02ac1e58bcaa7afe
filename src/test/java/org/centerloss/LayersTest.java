package org.centerloss;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.centerloss.base.ImageLibrary;
import org.centerloss.base.ShutdownHook;
import org.junit.jupiter.api.Test;

/** The layers that CONTRIBUTING.md draws: imports point downward, and only downward. */
class LayersTest {
    private static final int MOST_FILES = 30;
    private static final int MOST_LINES = 300;
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("org.centerloss");

    /** The rooms of one floor: {@code "nn"} is {@code org.centerloss.nn} and all below it. */
    private static String[] rooms(String... names) {
        String[] packages = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            packages[i] = "org.centerloss." + names[i] + "..";
        }
        return packages;
    }

    @Test
    void importsPointDownward() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("cli")
                .definedBy(rooms("cli"))
                .layer("experiment")
                .definedBy(rooms("experiment"))
                .layer("measure")
                .definedBy(rooms("verify", "bench", "report", "interchange"))
                .layer("train")
                .definedBy(rooms("train"))
                .layer("evaluate")
                .definedBy(rooms("evaluate"))
                .layer("loss")
                .definedBy(rooms("loss"))
                .layer("optim")
                .definedBy(rooms("optim"))
                .layer("nn")
                .definedBy(rooms("nn"))
                .layer("data")
                .definedBy(rooms("data"))
                .layer("device")
                .definedBy(rooms("device", "cpu", "cuda", "reference", "devices"))
                .layer("baseline")
                .definedBy(rooms("baseline"))
                .layer("format")
                .definedBy(rooms("format"))
                .layer("base")
                .definedBy(rooms("base"))
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("experiment")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("measure")
                .mayOnlyBeAccessedByLayers("cli", "experiment")
                .whereLayer("train")
                .mayOnlyBeAccessedByLayers("cli", "experiment", "measure")
                .whereLayer("evaluate")
                .mayOnlyBeAccessedByLayers("cli", "experiment", "measure", "train")
                .whereLayer("loss")
                .mayOnlyBeAccessedByLayers("cli", "measure", "train", "evaluate")
                .whereLayer("optim")
                .mayOnlyBeAccessedByLayers("cli", "measure", "train")
                .whereLayer("optim")
                .mayOnlyAccessLayers("nn", "device", "base")
                .whereLayer("nn")
                .mayOnlyBeAccessedByLayers("cli", "measure", "train", "evaluate", "loss", "optim")
                .whereLayer("data")
                .mayOnlyBeAccessedByLayers("cli", "experiment", "measure", "train", "evaluate")
                .whereLayer("device")
                .mayOnlyAccessLayers("baseline", "base")
                .whereLayer("baseline")
                .mayOnlyBeAccessedByLayers("cli", "measure", "device")
                .whereLayer("baseline")
                .mayOnlyAccessLayers("device", "base")
                .whereLayer("format")
                .mayOnlyAccessLayers("base")
                .whereLayer("base")
                .mayNotAccessAnyLayer()
                .check(CLASSES);
    }

    /** Both are set up, or kept in order, in one place. */
    @Test
    void imageIoAndTheEndOfTheJvmAreAskedInOnePlaceEach() {
        ArchRuleDefinition.noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ImageLibrary.class.getName())
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ImageIO.class)
                .check(CLASSES);
        ArchRuleDefinition.noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ShutdownHook.class.getName())
                .should()
                .callMethod(Runtime.class, "addShutdownHook", Thread.class)
                .orShould()
                .callMethod(File.class, "deleteOnExit")
                .check(CLASSES);
    }

    @Test
    void noTwoRoomsNeedEachOther() {
        SlicesRuleDefinition.slices()
                .matching("org.centerloss.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void noRoomIsCrowded() throws IOException {
        try (Stream<Path> folders = Files.walk(Path.of("src"))) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.list(folder)) {
                    long count = files.filter(Files::isRegularFile).count();
                    assertTrue(count <= MOST_FILES, folder + " holds " + count + " files");
                }
            }
        }
    }

    @Test
    void noFileIsLong() throws IOException {
        for (String root : List.of("src", "kernels")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                for (Path file :
                        files.filter(f -> f.toString().matches(".*[.](java|cpp|h|c|cu|cuh)"))
                                .toList()) {
                    int lines = Files.readAllLines(file).size();
                    assertTrue(lines <= MOST_LINES, file + " has " + lines + " lines");
                }
            }
        }
    }

    @Test
    void metricsArePureFunctions() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("..evaluate.metric..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(rooms("device", "devices", "data", "nn", "loss", "format"))
                .check(CLASSES);
    }

    @Test
    void devicesAreReachedOnlyThroughDevicesOpen() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackages(rooms("cpu", "cuda", "reference", "devices"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(rooms("cpu", "cuda", "reference"))
                .check(CLASSES);
    }

    @Test
    void implementationsShareNoCode() {
        shareNothing("reference", "cpu", "cuda");
        shareNothing("cpu", "cuda", "reference");
        shareNothing("cuda", "cpu", "reference");
    }

    private static void shareNothing(String room, String... others) {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAnyPackage(rooms(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(rooms(others))
                .check(CLASSES);
    }

    @Test
    void aLibraryIsTouchedByOneRoomOnly() {
        touchedOnlyBy("cli", "picocli..");
        touchedOnlyBy("cuda", "jcuda..");
        touchedOnlyBy("cpu", "org.bytedeco..");
    }

    private static void touchedOnlyBy(String room, String library) {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackages(rooms(room))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }
}
