# Turns a list of symbols into an SVG; see draw.sh.
function px(v) { return v * 10 }
function esc(s) { gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s); return s }
function rest(from,   i, s) { s = ""; for (i = from; i <= NF; i++) s = s (i > from ? " " : "") $i; return esc(s) }
function path(d, more) { printf "<path d='%s'%s/>\n", d, more }
function words(x, y, anchor, s, more) { printf "<text x='%g' y='%g' text-anchor='%s'%s>%s</text>\n", x, y, anchor, more, s }
# Opens a group in which a symbol runs down from 0,0 to 0,40; -h turns it to run right.
function begin(flat) { printf "<g transform='translate(%g %g)%s'>", px($2), px($3), flat ? " rotate(-90)" : "" }
function label(flat, s) { printf "</g>\n"; if (s != "") { if (flat) words(px($2) + 20, px($3) - 12, "middle", s); else words(px($2) + 18, px($3) + 24, "start", s) } }

/^#/ || NF == 0 { next }
{ flat = sub(/-h$/, "", $1) }
$1 == "size" {
    printf "<svg xmlns='http://www.w3.org/2000/svg' viewBox='-160 0 %g %g' width='%g' height='%g' font-family='sans-serif' font-size='11'>\n", px($2) + 160, px($3), px($2) + 160, px($3)
    printf "<title>%s</title>\n<rect x='-160' width='100%%' height='100%%' fill='#fff'/>\n<g stroke='#000' stroke-width='1.3' fill='none'>\n<style>text{stroke:none;fill:#000}</style>\n", rest(4)
    words(-150, 20, "start", rest(4), " font-size='14' font-weight='bold'"); next
}
$1 == "wire" { d = "M" px($2) " " px($3); for (i = 4; i < NF; i += 2) d = d " L" px($i) " " px($(i + 1)); path(d); next }
$1 == "dot" { printf "<circle cx='%g' cy='%g' r='2.6' fill='#000'/>\n", px($2), px($3); next }
$1 == "text" { words(px($2), px($3), $4 == "e" ? "end" : $4 == "m" ? "middle" : "start", rest(5)); next }
$1 == "bold" { words(px($2), px($3), $4 == "e" ? "end" : $4 == "m" ? "middle" : "start", rest(5), " font-weight='bold'"); next }
$1 == "box" { printf "<rect x='%g' y='%g' width='%g' height='%g'/>\n", px($2), px($3), px($4), px($5); words(px($2) + 6, px($3) + 14, "start", rest(6), " font-weight='bold'"); next }
$1 == "dash" { printf "<rect x='%g' y='%g' width='%g' height='%g' stroke-dasharray='6 4' stroke='#555'/>\n", px($2), px($3), px($4), px($5); words(px($2) + 6, px($3) + 14, "start", rest(6), " font-weight='bold'"); next }
$1 == "link" { path("M" px($2) " " px($3) " L" px($4) " " px($5), " stroke-dasharray='3 3' stroke='#555'"); next }
$1 == "term" { printf "<circle cx='%g' cy='%g' r='4' fill='#fff'/>\n", px($2), px($3); words(px($2) - 8, px($3) + 4, "end", rest(4)); next }
$1 == "pin" { printf "<circle cx='%g' cy='%g' r='4' fill='#fff'/>\n", px($2), px($3); words(px($2) + 8, px($3) + 4, "start", rest(4)); next }
$1 == "zero" { path("M" px($2) " " px($3) " v6 m-9 0 h18 m-15 4 h12 m-9 4 h6"); next }
$1 == "r" { begin(flat); path("M0 0 v8 M0 32 v8 M-5 8 h10 v24 h-10 z"); label(flat, rest(4)); next }
$1 == "fuse" { begin(flat); path("M0 0 v40 M-5 8 h10 v24 h-10 z"); label(flat, rest(4)); next }
$1 == "c" { begin(flat); path("M0 0 v17 M0 23 v17 M-10 17 h20 M-10 23 h20"); label(flat, rest(4)); next }
# Diodes: anode at the start.
$1 == "d" || $1 == "z" { begin(flat); path("M0 0 v40 M-8 13 h16 l-8 14 z"); path($1 == "d" ? "M-8 27 h16" : "M-11 30 l3 -3 h16 l3 -3"); label(flat, rest(4)); next }
# The same, upside down: cathode at the start.
$1 == "du" || $1 == "zu" { begin(flat); path("M0 0 v40 M-8 27 h16 l-8 -14 z"); path($1 == "du" ? "M-8 13 h16" : "M-11 10 l3 3 h16 l3 3"); label(flat, rest(4)); next }
$1 == "coil" { begin(flat); path("M0 0 v10 M0 30 v10 M-14 10 h28 v20 h-28 z"); label(flat, rest(4)); next }
$1 == "no" { begin(flat); path("M0 0 v12 M0 40 v-12 l-11 -16"); label(flat, rest(4)); next }
$1 == "nc" { begin(flat); path("M0 0 v12 h11 M0 40 v-12 l9 -18"); label(flat, rest(4)); next }
$1 == "lamp" { begin(flat); path("M0 0 v10 M0 30 v10 M-7 13 l14 14 M7 13 l-14 14"); printf "<circle cx='0' cy='20' r='10'/>"; label(flat, rest(4)); next }
# Transistors: drain or collector at x,y; source or emitter 4 below; gate or base 3 to the left, 2 below.
$1 == "nmos" { printf "<g transform='translate(%g %g)'>", px($2), px($3); path("M0 0 v12 h-10 M0 40 v-12 h-10 M-10 8 v24 M-15 10 v20 M-15 20 h-15 M-10 20 h10 v8 M-10 20 l5 -3 v6 z"); print "</g>"; words(px($2) + 8, px($3) + 24, "start", rest(4)); next }
$1 == "npn" { printf "<g transform='translate(%g %g)'>", px($2), px($3); path("M0 0 v8 l-12 8 M0 40 v-8 l-12 -8 M-12 8 v24 M-12 20 h-18 M-1 31 l-7 -1 l3 -5 z"); print "</g>"; words(px($2) + 8, px($3) + 24, "start", rest(4)); next }
{ printf "%s:%d: no symbol %s\n", FILENAME, FNR, $1 >"/dev/stderr"; failed = 1; exit 1 }
END { if (!failed) print "</g>\n</svg>" }
