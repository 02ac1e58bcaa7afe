package org.centerloss.cli.option;

import java.util.ArrayList;
import java.util.Arrays;
import org.centerloss.baseline.Variant;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The names of all variants, for {@code --variant}: its help, its completion, its value. */
public final class VariantNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    VariantNames() {
        super(Arrays.stream(Variant.values()).map(Variant::key).toList());
    }

    /**
     * The variant of that name.
     *
     * @throws ParameterException if there is none
     */
    public static Variant variant(CommandSpec spec, String name) {
        VariantNames names = new VariantNames();
        TrainOptions.requireName(spec, "--variant", name, names);
        return Variant.values()[names.indexOf(name)];
    }
}
