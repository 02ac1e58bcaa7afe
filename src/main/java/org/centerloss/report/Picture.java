package org.centerloss.report;

/**
 * A drawn picture.
 *
 * @param name the stem of its file
 * @param title a few words
 * @param caption one or two sentences that say what one sees; serves as alternative text too
 * @param format {@code png} or {@code gif}
 * @param width pixels
 * @param height pixels
 * @param bytes the file's content
 */
public record Picture(
        String name,
        String title,
        String caption,
        String format,
        int width,
        int height,
        byte[] bytes) {

    /** Its name among a run's pictures. */
    public String fileName() {
        return name + "." + format;
    }

    /** What browsers call its format. */
    public String mediaType() {
        return "image/" + format;
    }
}
