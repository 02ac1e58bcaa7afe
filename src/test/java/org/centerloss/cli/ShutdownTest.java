package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.centerloss.base.ShutdownHook;
import org.centerloss.cli.command.TrainCommand;
import org.centerloss.data.Dataset;
import org.centerloss.data.image.MarkedImages;
import org.centerloss.device.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program does while its JVM ends: all that a run does after a signal. */
class ShutdownTest {
    @TempDir private Path folder;

    /** Has the JVM end, and works then. */
    static final class AtTheEnd {
        private AtTheEnd() {}

        /** Trains, with the device and the images that were there before. */
        public static void main(String[] arguments) {
            PrintWriter out = new PrintWriter(System.out, true);
            PrintWriter err = new PrintWriter(System.err, true);
            Path run = Path.of(arguments[0]);
            Path image = Path.of(arguments[1]);
            String[] train = List.of(arguments).subList(2, arguments.length).toArray(String[]::new);
            TrainCommand command = Main.training(out, err, Map.of(), train);
            Device device = command.openDevice();
            Dataset dataset = command.load();
            new ShutdownHook(
                    () -> {
                        out.println(command.trainIn(run, device, dataset, () -> false));
                        int code = Main.run(out, err, "predict", run.toString(), image.toString());
                        out.println("predict: " + code);
                    });
            System.exit(3);
        }
    }

    private TinyRun.Result atTheEnd(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(ChildProgram.command(List.of(), arguments));
        command.set(command.indexOf(Main.class.getName()), AtTheEnd.class.getName());
        return ChildProgram.run(new ProcessBuilder(command));
    }

    @Test
    void aRunIsTrainedTestedAndReportedAndImagesAreRead() throws Exception {
        Path run = folder.resolve("run");
        Path image = folder.resolve("inks.tif");
        Files.write(image, MarkedImages.cmykTiffOfJpeg(55, 155, 205, 0));
        TinyRun.Result result =
                atTheEnd(
                        run.toString(),
                        image.toString(),
                        "train",
                        "--device=cpu",
                        "--epochs=2",
                        "--batch-size=4",
                        "--channels=3",
                        "--image-size=12",
                        "--dataset=" + new TinyRun(folder).makeImages());
        assertEquals(3, result.code(), result.err());
        assertTrue(result.out().contains("\nFINISHED\n"), result.out() + result.err());
        assertTrue(result.out().contains("predict: 0"), result.out() + result.err());
        assertFalse(result.err().contains("note: no report"), result.err());
        assertTrue(Files.exists(run.resolve("report.html")));
        for (String file : List.of("sprite.png", "features.tsv", "projector_config.pbtxt")) {
            assertTrue(Files.exists(run.resolve("tensorboard").resolve(file)), file);
        }
    }

    @Test
    void workForTheEndIsDoneInTurnTheLastAskedForFirst() throws Exception {
        List<String> command = new ArrayList<>(ChildProgram.command(List.of()));
        command.set(command.indexOf(Main.class.getName()), InTurn.class.getName());
        TinyRun.Result result = ChildProgram.run(new ProcessBuilder(command));
        assertEquals("false third first true ", result.out());
        assertEquals("", result.err());
    }

    /** Asks for work, takes some back, and asks for more in the end. */
    static final class InTurn {
        private InTurn() {}

        public static void main(String[] arguments) {
            System.out.print(ShutdownHook.hasBegun() + " ");
            new ShutdownHook(() -> System.out.print(ShutdownHook.hasBegun() + " "));
            new ShutdownHook(() -> System.out.print("first "));
            new ShutdownHook(() -> System.out.print("second ")).close();
            new ShutdownHook(
                    () -> {
                        System.out.print("third ");
                        new ShutdownHook(() -> System.out.print("too late "));
                    });
            System.exit(0);
        }
    }
}
