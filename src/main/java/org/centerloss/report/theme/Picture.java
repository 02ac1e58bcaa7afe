package org.centerloss.report.theme;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.centerloss.base.Output;

/**
 * A drawn picture.
 *
 * @param name the stem of its file
 * @param title a few words
 * @param caption one or two sentences that say what one sees; serves as alternative text too
 * @param format {@code png} or {@code gif}
 * @param width pixels
 * @param height pixels
 * @param scale how many of its pixels across stand for one of a usual screen
 * @param headingHeight pixels of the strip at its upper edge that says no more than its title and
 *     which run it is
 * @param bytes the file's content
 * @param svg draws the same as an SVG file's content; null for an animation
 */
public record Picture(
        String name,
        String title,
        String caption,
        String format,
        int width,
        int height,
        int scale,
        int headingHeight,
        byte[] bytes,
        Supplier<byte[]> svg) {

    /** Its name among a run's pictures. */
    public String fileName() {
        return name + "." + format;
    }

    /** What browsers call its format. */
    public String mediaType() {
        return "image/" + format;
    }

    /** The name of the SVG file beside it; null for an animation. */
    public String svgName() {
        return svg == null ? null : name + ".svg";
    }

    /**
     * Writes it into a folder, and its SVG beside it.
     *
     * @return its file
     */
    public Path write(Path folder) {
        Path file = folder.resolve(fileName());
        Output.write(file, out -> out.write(bytes));
        if (svg != null) {
            byte[] content = svg.get();
            Output.write(folder.resolve(svgName()), out -> out.write(content));
        }
        return file;
    }
}
