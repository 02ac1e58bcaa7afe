package org.centerloss.bench.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.centerloss.base.InputException;
import org.centerloss.base.Output;
import org.centerloss.bench.Timing;
import org.centerloss.device.instrument.Peaks;

/** Writes a run of the benchmark for programs: the same columns as CSV and as JSON. */
public final class KernelFiles {
    /** Of the JSON file; a reader refuses others. */
    static final int FORMAT = 1;

    private KernelFiles() {}

    /**
     * A line for each row, SI units, nothing where there is no value.
     *
     * @throws InputException if the file cannot be written
     */
    public static void writeCsv(Path file, List<KernelRow> rows, Peaks peaks) {
        StringBuilder text = new StringBuilder();
        for (KernelRow row : rows) {
            Map<String, Object> fields = fields(row, peaks);
            if (text.isEmpty()) {
                text.append(String.join(",", fields.keySet())).append('\n');
            }
            StringJoiner line = new StringJoiner(",", "", "\n");
            fields.values().forEach(value -> line.add(cell(value)));
            text.append(line);
        }
        write(file, text.toString());
    }

    private static String cell(Object value) {
        String text = value == null ? "" : value.toString();
        return text.matches("[^,\"\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /**
     * The rows behind what is said of the run as a whole.
     *
     * @param run device, versions, date, settings; names as in other files of this program
     * @throws InputException if the file cannot be written
     */
    public static void writeJson(
            Path file, Map<String, Object> run, List<KernelRow> rows, Peaks peaks) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("format", FORMAT);
        content.putAll(run);
        content.put("peak_bytes_per_s", peaks.bytesPerSecond());
        content.put("peak_flop_per_s", peaks.flopsPerSecond());
        content.put("rows", rows.stream().map(row -> fields(row, peaks)).toList());
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        try {
            write(file, new ObjectMapper().writer(printer).writeValueAsString(content) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> fields(KernelRow row, Peaks peaks) {
        Map<String, Object> fields = new LinkedHashMap<>();
        KernelRow.Key key = row.key();
        fields.put("op", key.op().key());
        fields.put("variant", key.variant().key());
        fields.put("pass", key.pass().key());
        fields.put("batch", key.shape().batch());
        fields.put("feat_dim", key.shape().features());
        fields.put("classes", key.shape().classes());
        fields.put("status", row.status().name());
        Timing timing = row.timing();
        fields.put("median_s", timing == null ? null : timing.median());
        fields.put("p20_s", timing == null ? null : timing.p20());
        fields.put("p80_s", timing == null ? null : timing.p80());
        fields.put("noise", timing == null ? null : timing.noise());
        fields.put("process_medians_s", timing == null ? null : timing.processMedians());
        fields.put("repetitions", timing == null ? null : timing.repetitions());
        fields.put("bytes", row.bytes());
        fields.put("operations", row.operations());
        fields.put("bytes_per_s", finite(row.bytesPerSecond()));
        fields.put("flop_per_s", finite(row.flopsPerSecond()));
        fields.put("share_of_peak_bytes", finite(row.shareOfBandwidth(peaks)));
        fields.put("share_of_peak_flop", finite(row.shareOfArithmetic(peaks)));
        fields.put("extra_bytes", row.extraBytes() < 0 ? null : row.extraBytes());
        fields.put("launches", row.launches().isEmpty() ? null : row.launches().getAsInt());
        fields.put("error", finite(row.error()));
        fields.put("speed_up_over_composed", finite(row.speedUp()));
        fields.put("note", row.note());
        return fields;
    }

    /** JSON knows no other numbers. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static void write(Path file, String text) {
        Output.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
