package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.centerloss.cli.Main;

/** Short runs with a report each, and a report that compares them. */
final class ReportedRuns {
    static final String HOSTILE = "<img src=x onerror=console.error(1)>";

    private final Path folder;
    private final Path images;

    ReportedRuns(Path folder) throws IOException {
        this.folder = folder;
        images = images();
    }

    Path compare(Path one, Path other) {
        Path comparison = folder.resolve("comparison.html");
        run("report", one.toString(), other.toString(), "--out", comparison.toString());
        return comparison;
    }

    /** Two classes of eight 12×12 images, the name of one of them HTML. */
    private Path images() throws IOException {
        Path root = folder.resolve("images");
        for (String name : List.of(HOSTILE, "light")) {
            Path own = Files.createDirectories(root.resolve(name));
            for (int i = 0; i < 8; i++) {
                BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
                image.getRaster().setSample(i, i, 0, name.equals(HOSTILE) ? 10 + i : 200 + i);
                ImageIO.write(image, "png", own.resolve(i + ".png").toFile());
            }
        }
        return root;
    }

    Path train(int features) {
        Path run = folder.resolve("run-" + features);
        run(
                "train",
                "--device",
                "cpu",
                "--dataset",
                images.toString(),
                "--feat-dim",
                String.valueOf(features),
                "--batch-size",
                "4",
                "--epochs",
                "3",
                "--log-interval",
                "1",
                "--out",
                run.toString());
        return run;
    }

    private static void run(String... args) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text, true);
        assertEquals(0, Main.run(out, out, args), text::toString);
    }
}
