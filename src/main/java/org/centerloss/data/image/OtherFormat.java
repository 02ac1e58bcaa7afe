package org.centerloss.data.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What people have among their images that is not read, known by its content. */
public enum OtherFormat {
    HEIC("a HEIC photo", "export it as JPEG", "heic heif hif"),
    AVIF("an AVIF image", "export it as JPEG or PNG", "avif"),
    JPEG_XL(
            "a JPEG XL image",
            "export it as JPEG or PNG",
            "jxl",
            "\u00ff\n",
            "\0\0\0\fJXL \r\n\u0087\n"),
    JPEG_2000(
            "a JPEG 2000 image",
            "export it as JPEG or PNG",
            "jp2 j2k jpf jpx",
            "\u00ffO\u00ffQ",
            "\0\0\0\fjP  \r\n\u0087\n"),
    RAW(
            "a camera's raw photo",
            "export it as JPEG or TIFF",
            "3fr arw cr2 cr3 crw dng nef nrw orf pef raf rw2 srw x3f",
            "II*\0\u0010\0\0\0CR",
            "II\u001a\0\0\0HEAPCCDR",
            "IIRO",
            "IIRS",
            "MMOR",
            "IIU\0",
            "FUJIFILMCCD-RAW",
            "FOVb"),
    PHOTOSHOP("a Photoshop document", "export it as PNG or JPEG", "psd psb", "8BPS"),
    GIMP("a GIMP document", "export it as PNG or JPEG", "xcf", "gimp xcf"),
    OPEN_EXR("an OpenEXR image", "export it as PNG or TIFF", "exr", "v/1\u0001"),
    DICOM("a DICOM image", "export it as PNG or TIFF", "dcm"),
    SVG("an SVG drawing", "export it as PNG", "svg"),
    PDF("a PDF document", "export its pages as PNG or JPEG", "", "%PDF-"),
    EPS("an EPS drawing", "export it as PNG", "eps", "%!PS", "\u00c5\u00d0\u00d3\u00c6"),
    VIDEO("a video", "export pictures of it as PNG or JPEG", "", "\u001aE\u00df\u00a3"),
    WEB_PAGE("a web page", "get the image itself", ""),
    LFS_POINTER(
            "a pointer of Git LFS",
            "get the image itself with git lfs pull",
            "",
            "version https://git-lfs.github.com/spec");

    /** The endings of names of such images. */
    public static final Set<String> ENDINGS = new TreeSet<>();

    static {
        for (OtherFormat format : values()) {
            ENDINGS.addAll(format.endings);
        }
    }

    private static final int HEAD_BYTES = 4096;
    private static final int DICOM_HEADER = 128;

    private static final int PHOTOMETRIC = 262;
    private static final int SUB_DIRECTORIES = 330;
    private static final int DNG_VERSION = 50706;

    private final String label;
    private final String advice;
    private final List<String> endings;
    private final List<String> beginnings;

    /**
     * @param endings separated by spaces
     * @param beginnings the first bytes, one for each character
     */
    OtherFormat(String label, String advice, String endings, String... beginnings) {
        this.label = label;
        this.advice = advice;
        this.endings = endings.isEmpty() ? List.of() : List.of(endings.split(" "));
        this.beginnings = List.of(beginnings);
    }

    /** What it is, with its article. */
    String label() {
        return label;
    }

    /** What to do about it. */
    String advice() {
        return advice;
    }

    /** What a file with this content is; null where it is nothing known. */
    static OtherFormat of(byte[] content) {
        int length = Math.min(HEAD_BYTES, content.length);
        String head = new String(content, 0, length, StandardCharsets.ISO_8859_1);
        for (OtherFormat format : values()) {
            if (format.beginnings.stream().anyMatch(head::startsWith)) {
                return format;
            }
        }
        if (head.startsWith("ftyp", 4)) {
            return ofMedia(ByteBuffer.wrap(content).getInt(0), head);
        }
        if (head.startsWith("DICM", DICOM_HEADER)) {
            return DICOM;
        }
        if (head.startsWith("RIFF") && head.startsWith("AVI ", 8)) {
            return VIDEO;
        }
        if (head.startsWith("II*\0") || head.startsWith("MM\0*")) {
            return isRaw(content) ? RAW : null;
        }
        return ofText(head);
    }

    /** By the brands that a file of ISO's base media format lists in its first box. */
    private static OtherFormat ofMedia(int boxBytes, String head) {
        int end = Math.max(8, Math.min(boxBytes, head.length()));
        String brands = head.substring(8, end);
        if (brands.contains("avif") || brands.contains("avis")) {
            return AVIF;
        }
        if (brands.startsWith("crx ")) {
            return RAW;
        }
        boolean heic = List.of("hei", "hev", "mif1", "msf1").stream().anyMatch(brands::startsWith);
        return heic ? HEIC : VIDEO;
    }

    /** Whether a TIFF file holds what a camera's sensor saw, beside a preview. */
    private static boolean isRaw(byte[] content) {
        try {
            TiffDirectory first = TiffDirectory.first(ByteBuffer.wrap(content));
            return first.numbers(DNG_VERSION).length > 0
                    || isOfSensor(first)
                    || Arrays.stream(first.numbers(SUB_DIRECTORIES))
                            .mapToObj(first::at)
                            .anyMatch(OtherFormat::isOfSensor);
        } catch (IndexOutOfBoundsException e) {
            // Its decoder says what is damaged.
            return false;
        }
    }

    /** Whether pixels are a colour filter's pattern, or linear light of a raw file. */
    private static boolean isOfSensor(TiffDirectory directory) {
        int kind = directory.number(PHOTOMETRIC, 0);
        return kind == 32803 || kind == 34892;
    }

    private static OtherFormat ofText(String head) {
        // The byte order mark of UTF-8 may stand in front.
        String text = head.replaceFirst("^\u00ef\u00bb\u00bf", "").strip().toLowerCase(Locale.ROOT);
        boolean markup = text.startsWith("<?xml") || text.startsWith("<!");
        if (text.startsWith("<svg") || markup && text.contains("<svg")) {
            return SVG;
        }
        return text.startsWith("<html") || text.startsWith("<!doctype html") ? WEB_PAGE : null;
    }
}
