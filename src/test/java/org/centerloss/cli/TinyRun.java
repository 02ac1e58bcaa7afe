package org.centerloss.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * A folder of images, two classes of six, and runs of the command line on it.
 *
 * @param folder where everything is
 */
public record TinyRun(Path folder) {
    /** What a command left. */
    public record Result(int code, String out, String err) {
        /** The first line of standard error. */
        public String complaint() {
            return err.lines().findFirst().orElse("");
        }
    }

    /** Runs a command. */
    public static Result run(List<String> args) {
        return run(args.toArray(String[]::new));
    }

    /** Runs a command. */
    public static Result run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Result(code, out.toString(), err.toString());
    }

    public Path images() {
        return folder.resolve("images");
    }

    /** Makes the images and trains on them for two epochs; returns the run's directory. */
    public Path train(String loss) {
        makeImages();
        return train(loss, images());
    }

    /** Trains on a folder of images for two epochs; returns the run's directory. */
    public Path train(String loss, Path dataset, String... more) {
        Path run = folder.resolve(loss);
        List<String> args = new ArrayList<>(List.of("train", "--device", "cpu", "--loss", loss));
        args.addAll(List.of("--dataset", dataset.toString(), "--out", run.toString()));
        args.addAll(
                List.of("--feat-dim", "3", "--batch-size", "4", "--epochs", "2", "--no-report"));
        args.addAll(List.of(more));
        Result result = run(args.toArray(String[]::new));
        if (result.code() != 0) {
            throw new AssertionError(result.err());
        }
        return run;
    }

    /** Makes the images and returns their folder. */
    public Path makeImages() {
        for (String name : List.of("dark", "light")) {
            for (int i = 0; i < 6; i++) {
                int level = name.equals("dark") ? 10 + i : 200 + i;
                image(images().resolve(name).resolve(i + ".png"), 12, i, level);
            }
        }
        return images();
    }

    /** A square gray image with one bright pixel. */
    public static Path image(Path file, int side, int position, int level) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setPixel(position, position, new int[] {level});
        try {
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
