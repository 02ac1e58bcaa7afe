package org.centerloss.report.theme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.geom.Area;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThemeTest {
    /**
     * What is seen of linear red, green and blue: Machado, Oliveira, Fernandes 2009, severity 1.
     */
    private static final Map<String, double[][]> VISIONS =
            Map.of(
                    "normal vision",
                    new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
                    "protanopia",
                    new double[][] {
                        {0.152286, 1.052583, -0.204868},
                        {0.114503, 0.786281, 0.099216},
                        {-0.003882, -0.048116, 1.051998}
                    },
                    "deuteranopia",
                    new double[][] {
                        {0.367322, 0.860646, -0.227968},
                        {0.280085, 0.672501, 0.047413},
                        {-0.011820, 0.042940, 0.968881}
                    },
                    "tritanopia",
                    new double[][] {
                        {1.255528, -0.076749, -0.178779},
                        {-0.078411, 0.930809, 0.147602},
                        {0.004733, 0.691367, 0.303900}
                    });

    private static double[] linear(Color color) {
        double[] linear = new double[3];
        float[] encoded = color.getRGBColorComponents(null);
        for (int i = 0; i < 3; i++) {
            linear[i] =
                    encoded[i] <= 0.04045
                            ? encoded[i] / 12.92
                            : Math.pow((encoded[i] + 0.055) / 1.055, 2.4);
        }
        return linear;
    }

    private static double[] times(double[][] matrix, double[] vector) {
        double[] product = new double[3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                product[i] += matrix[i][j] * vector[j];
            }
        }
        return product;
    }

    /** Oklab (Ottosson 2020) of linear sRGB. */
    private static double[] oklab(double[] rgb) {
        double[] clipped = new double[3];
        for (int i = 0; i < 3; i++) {
            clipped[i] = Math.max(0, Math.min(1, rgb[i]));
        }
        double[] lms =
                times(
                        new double[][] {
                            {0.4122214708, 0.5363325363, 0.0514459929},
                            {0.2119034982, 0.6806995451, 0.1073969566},
                            {0.0883024619, 0.2817188376, 0.6299787005}
                        },
                        clipped);
        for (int i = 0; i < 3; i++) {
            lms[i] = Math.cbrt(lms[i]);
        }
        return times(
                new double[][] {
                    {0.2104542553, 0.7936177850, -0.0040720468},
                    {1.9779984951, -2.4285922050, 0.4505937099},
                    {0.0259040371, 0.7827717662, -0.8086757660}
                },
                lms);
    }

    private static double distance(double[][] vision, Color one, Color other) {
        double[] a = oklab(times(vision, linear(one)));
        double[] b = oklab(times(vision, linear(other)));
        return Math.sqrt(
                Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2) + Math.pow(a[2] - b[2], 2));
    }

    private static double luminance(Color color) {
        double[] rgb = linear(color);
        return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    }

    /** The contrast of the Web Content Accessibility Guidelines, 1 to 21. */
    private static double contrast(Color one, Color other) {
        double a = luminance(one) + 0.05;
        double b = luminance(other) + 0.05;
        return Math.max(a, b) / Math.min(a, b);
    }

    @Test
    void tenClassesAreToldApartAlsoByTheColourBlind() {
        for (Theme theme : Theme.values()) {
            for (Map.Entry<String, double[][]> vision : VISIONS.entrySet()) {
                for (int a = 0; a < 10; a++) {
                    for (int b = 0; b < a; b++) {
                        double distance =
                                distance(
                                        vision.getValue(),
                                        theme.classColor(a),
                                        theme.classColor(b));
                        assertTrue(
                                distance >= 0.11,
                                "%s, %s: classes %d and %d: %.3f"
                                        .formatted(theme, vision.getKey(), a, b, distance));
                    }
                }
            }
        }
    }

    @Test
    void whatIsDrawnStandsOutFromTheBackground() {
        for (Theme theme : Theme.values()) {
            assertTrue(contrast(theme.ink(), theme.background()) >= 7, theme + " text");
            assertTrue(contrast(theme.softInk(), theme.background()) >= 4.5, theme + " ticks");
            for (int c = 0; c < 10; c++) {
                assertTrue(
                        contrast(theme.classColor(c), theme.background()) >= 1.85, theme + " " + c);
            }
            for (int line = 0; line < 3; line++) {
                assertTrue(contrast(theme.line(line), theme.background()) >= 3, theme + " " + line);
            }
        }
    }

    @Test
    void moreThanTenClassesDifferInColourOrMark() {
        for (int a = 0; a < 60; a++) {
            for (int b = 0; b < a; b++) {
                boolean sameColor = Theme.LIGHT.classColor(a).equals(Theme.LIGHT.classColor(b));
                Area one = new Area(Theme.LIGHT.classMark(a, 10));
                one.exclusiveOr(new Area(Theme.LIGHT.classMark(b, 10)));
                assertFalse(sameColor && one.isEmpty(), a + " and " + b);
            }
        }
        assertEquals(
                Theme.LIGHT.classMark(3, 10).getBounds(),
                Theme.LIGHT.classMark(63, 10).getBounds());
    }

    @Test
    void everyPictureFindsItsFonts() {
        Theme.requireFonts();
        assertEquals(List.of(Theme.LIGHT, Theme.DARK), List.of(Theme.values()));
    }
}
