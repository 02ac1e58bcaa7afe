package org.centerloss.data.folder;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;

/**
 * The names of files, the same whatever the locale. A name on disk is bytes; Java reads them in the
 * locale's encoding, and puts U+FFFD for what that lacks, so that different names become one.
 */
public final class FileNames {
    private static final char REPLACEMENT = '\uFFFD';
    private static final boolean JAVA_READS_UTF_8 =
            "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));

    private FileNames() {}

    /**
     * The last name of a path: its bytes taken as UTF-8, or as Latin-1 where they are no UTF-8; in
     * Unicode's composed form (NFC), so that a copy by way of another system has the same name.
     */
    static String of(Path path) {
        String name = path.getFileName().toString();
        boolean ascii = name.chars().allMatch(c -> c < 0x80);
        if (ascii) {
            return name;
        }
        boolean read = JAVA_READS_UTF_8 && name.indexOf(REPLACEMENT) < 0;
        return Normalizer.normalize(read ? name : decoded(bytes(path)), Normalizer.Form.NFC);
    }

    /** The bytes of the last name; only its URI shows them. */
    private static byte[] bytes(Path path) {
        String uri = path.toUri().getRawPath();
        int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = uri.lastIndexOf('/', end - 1) + 1; i < end; i++) {
            if (uri.charAt(i) == '%') {
                bytes.write(Integer.parseInt(uri, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(uri.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    private static String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
