"""What the demo's reports say and which figures they give. Everything here is invented. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum

from coordinator.plans.actions.rules import Accumulation, Better, IndicatorKind
from coordinator.reporting.reports.rules import ReturnReason

MONTHS = 12
NONE_ASKED = "Tidak ada kegiatan yang meminta dukungan kami pada bulan ini."
WAITS_FOR_LEAD = (
    "{lead}: bagian kami belum ditetapkan, sehingga kami belum dapat mulai.",
    "{lead}: bahan yang harus kami isi belum dikirim.",
    "{lead}: jadwal kegiatan bersama belum disepakati.",
)
PLACES = ("Samarinda", "Balikpapan", "Bontang", "Tenggarong", "Sangatta")
QUESTION = "@narahubung Apakah kegiatan ini sama dengan yang dilaporkan bulan lalu?"
SHARED_REASON = "Kegiatan bersama dua instansi; fotonya satu."
RETURNS = (
    (ReturnReason.EVIDENCE_UNDATED, "Tambahkan tanggal pada berita acara."),
    (ReturnReason.FIGURE_UNCLEAR, "Jumlah di daftar hadir berbeda dari angka laporan."),
    (ReturnReason.EVIDENCE_MISMATCH, "Foto menunjukkan kegiatan lain; lampirkan yang benar."),
)


@dataclass(frozen=True, slots=True)
class ActionStory:
    """One action: what its lead and a supporter did, for whom the lead waits, why nothing was done.

    `underway` is the lead's sentence while a document or a post is not there yet; `decision` what
    the leadership is asked where the action is blocked, and whom.
    """

    done: str
    helped: str
    waits: str
    nothing: str
    underway: str = ""
    decision: tuple[str, str] | None = None
    is_outside: bool = False


SECRETARY = "Sekretaris Daerah"
CHAIR = "Ketua harian gugus tugas"

STORIES = {
    "1.1": ActionStory(
        "Lembaga pelatihan dan kegiatan kepemudaan diperiksa di tempat; perjanjian peserta dibaca.",
        "Ikut memeriksa lembaga pelatihan dan menyerahkan daftar izin yang masih berlaku.",
        "Disnakertrans: daftar lembaga pelatihan berizin belum diserahkan, sehingga lokasi "
        "pengawasan belum dapat dipilih.",
        "Tidak ada program pengiriman pemuda yang berjalan pada bulan ini.",
        is_outside=True,
    ),
    "1.2": ActionStory(
        "Patroli bersama di terminal dan penginapan; temuan dicatat, imbauan dipasang.",
        "Ikut patroli bersama dan memberi penjelasan kepada pengelola usaha.",
        "Polda: personel patroli bersama dipakai untuk pengamanan lain sampai akhir bulan.",
        "Patroli bulan ini dipindahkan ke bulan berikutnya karena pengamanan hari besar.",
        is_outside=True,
    ),
    "1.3": ActionStory(
        "Edukasi di sekolah sasaran; guru bimbingan konseling mengikuti pembekalan pada hari sama.",
        "Mengirim pembicara dan bahan tentang tawaran kerja palsu ke sekolah sasaran.",
        "Kantor Imigrasi: pembicara untuk dua sekolah belum ditetapkan.",
        "Libur sekolah; tidak ada kegiatan di sekolah pada bulan ini.",
        is_outside=True,
    ),
    "1.5": ActionStory(
        "Kader desa dilatih dan alur lapor dipasang di kantor desa; anggarannya masuk APB Desa.",
        "Melatih kader dan memeriksa alur lapor yang dipasang di kantor desa.",
        "DKP3A: modul pelatihan kader belum selesai diperbarui.",
        "Musyawarah desa belum selesai; pelatihan kader dijadwalkan bulan depan.",
        is_outside=True,
    ),
    "1.7": ActionStory(
        "Perusahaan penempatan dan lembaga pelatihan diperiksa; satu diminta melengkapi izin.",
        "Mencocokkan izin usaha dan ikut memeriksa dua lembaga.",
        "DPMPTSP: akses data izin usaha belum dibuka untuk pengawas.",
        "Pengawas mengikuti pendidikan; pemeriksaan dijadwalkan bulan depan.",
        decision=("Bolehkah pengawas membaca data izin usaha, dan mulai kapan?", SECRETARY),
        is_outside=True,
    ),
    "1.8": ActionStory(
        "Konten terbit di kanal resmi pemerintah provinsi; aduan lowongan palsu diteruskan.",
        "Memberi bahan kampanye dan menyebarkannya lewat kanal sendiri.",
        "Polda: kanal penerusan aduan konten sedang diganti dan belum dapat dipakai.",
        "Kanal sedang dipindahkan ke akun baru; tidak ada konten yang terbit pada bulan ini.",
    ),
    "1.9": ActionStory(
        "Imbauan dipasang di lobi dan prosedur lapor dijelaskan kepada petugas hotel.",
        "Ikut mendatangi usaha hiburan dan mencatat yang sudah memasang imbauan.",
        "DPMPTSP: daftar usaha hotel dan hiburan yang izinnya berlaku belum diterima.",
        "Pendataan usaha diulang pada bulan ini; kunjungan mulai bulan depan.",
        is_outside=True,
    ),
    "1.10": ActionStory(
        "Petugas terminal dan pelabuhan dilatih mengenali tanda TPPO; daftar hadir dilampirkan.",
        "Mengirim pelatih dan petugas pelabuhan sebagai peserta.",
        "KSOP: jadwal jaga pelabuhan bulan ini belum memberi tempat untuk pelatihan.",
        "Pelatihan berikutnya dijadwalkan sesudah masa angkutan hari besar.",
        is_outside=True,
    ),
    "1.11": ActionStory(
        "Pengawasan bersama di pelabuhan perikanan; perjanjian kerja laut awak kapal diperiksa.",
        "Ikut memeriksa perjanjian kerja laut di pelabuhan perikanan.",
        "KSOP: daftar kapal yang akan berangkat belum dibagikan.",
        "Cuaca buruk; kapal tidak berangkat dan pengawasan ditunda.",
        decision=("Pelabuhan mana yang didahulukan selama daftar kapal belum ada?", CHAIR),
        is_outside=True,
    ),
    "1.15": ActionStory(
        "Jalur darat dan laut dipantau bersama; catatan tiap jalur diserahkan ke Sekretariat.",
        "Memantau jalur di wilayah sendiri dan berbagi catatannya.",
        "Kantor Imigrasi: catatan penolakan keberangkatan belum dibagikan.",
        "Pemantauan bulan ini ditiadakan karena pergantian petugas pos.",
        is_outside=True,
    ),
    "1.16": ActionStory(
        "Peta kerawanan selesai diperbarui dan dibahas dalam rapat pokja.",
        "Menyerahkan data kerawanan dan ikut membahas petanya.",
        "Polda: rekap kerawanan per kecamatan belum diserahkan.",
        "Data tahunan belum lengkap; pembahasan peta belum dimulai.",
        underway="Data kerawanan dikumpulkan; peta belum dibahas dalam rapat pokja.",
        decision=("Siapa yang menyerahkan rekap kerawanan, dan mulai kapan?", CHAIR),
    ),
    "2.1": ActionStory(
        "Permohonan layanan dicatat dan dilayani; rekap tanpa identitas dilampirkan.",
        "Melayani rujukan dan mengirim rekap jumlah tanpa identitas.",
        "RSUD AWS: rekap waktu tunggu bulan ini belum dikirim.",
        "Tidak ada permohonan layanan pada bulan ini.",
    ),
    "2.2": ActionStory(
        "Puskesmas dan rumah sakit dalam jejaring dipastikan punya petugas dan alur rujukan.",
        "Memeriksa alur rujukan bersama Dinas Kesehatan.",
        "DKP3A: daftar puskesmas usulan kabupaten/kota belum diterima.",
        "Tidak ada fasilitas baru yang diperiksa pada bulan ini.",
    ),
    "2.3": ActionStory(
        "Petugas penghubung ditunjuk dengan surat tugas dan siaga setiap hari kerja.",
        "Menunjuk petugas penghubung dan memberi tahu jadwalnya.",
        "RSKD: nama jabatan petugas penghubung belum disampaikan.",
        "Surat tugas masih berlaku; tidak ada perubahan pada bulan ini.",
        underway="Surat tugas petugas penghubung sedang diproses.",
    ),
    "3.1": ActionStory(
        "Permohonan rehabilitasi dan pemulangan dilayani; rekap tanpa identitas dilampirkan.",
        "Mendampingi layanan dan mengirim rekap jumlah tanpa identitas.",
        "UPTD PPA: rekap rujukan bulan ini belum dikirim.",
        "Tidak ada permohonan pada bulan ini.",
    ),
    "3.2": ActionStory(
        "Rumah perlindungan beroperasi; daftar periksa prosedur diisi setiap pekan.",
        "Ikut memeriksa prosedur dan memberi layanan kesehatan berkala.",
        "Dinkes: jadwal petugas kesehatan rumah perlindungan belum ditetapkan.",
        "Rumah perlindungan sedang diperbaiki dan tidak dipakai pada bulan ini.",
        underway="Rumah perlindungan dipakai, tetapi daftar periksa prosedur belum lengkap.",
    ),
    "3.3": ActionStory(
        "Pemulangan diatur bersama kabupaten/kota asal dengan berita acara serah terima.",
        "Menyiapkan angkutan dan ikut serah terima.",
        "Dishub: kendaraan pemulangan sedang diperbaiki.",
        "Tidak ada pemulangan pada bulan ini.",
    ),
    "3.4": ActionStory(
        "Pendampingan berjalan; rekap jumlah layanan tanpa identitas dilampirkan.",
        "Mendampingi sesuai rujukan dan mengirim rekap jumlah.",
        "LPSK: jawaban atas permohonan perlindungan belum diterima.",
        "Tidak ada rujukan baru pada bulan ini.",
    ),
    "4.1": ActionStory(
        "Laporan evaluasi perda selesai dan diserahkan kepada Biro Hukum.",
        "Memberi masukan tertulis atas rancangan laporan evaluasi.",
        "Biro Hukum: tanggapan atas rancangan laporan evaluasi belum diterima.",
        "Menunggu jadwal pembahasan; tidak ada kegiatan pada bulan ini.",
        underway="Rancangan laporan evaluasi dibahas bersama Biro Hukum.",
    ),
    "4.3": ActionStory(
        "Rancangan yang masuk ditelaah; lembar telaah bertanggal dilampirkan.",
        "Ikut menelaah dan menyampaikan catatan tertulis.",
        "Kanwil Kemenkum: catatan harmonisasi satu rancangan belum diterima.",
        "Tidak ada rancangan yang masuk pada bulan ini.",
    ),
    "5.1": ActionStory(
        "Laporan ditindaklanjuti sesuai jadwal; rekap jumlah tanpa identitas dilampirkan.",
        "Menindaklanjuti bagian kami dan mengirim rekap jumlah.",
        "Kejati: petunjuk atas dua berkas belum diterima.",
        "Tidak ada laporan baru pada bulan ini.",
    ),
    "5.3": ActionStory(
        "Tuntutan yang memuat restitusi direkap tanpa identitas.",
        "Menghitung restitusi yang diajukan dan mengirim rekap jumlah.",
        "LPSK: penghitungan kerugian satu perkara belum selesai.",
        "Tidak ada tuntutan pada bulan ini.",
    ),
    "6.1": ActionStory(
        "Rapat koordinasi diadakan; notula dan daftar tindak lanjut dilampirkan.",
        "Hadir dalam rapat dan menyelesaikan bagian tindak lanjut kami.",
        "Biro Kesra: tanggal rapat menunggu jadwal pimpinan.",
        "Rapat bulan ini digabung dengan rapat bulan berikutnya.",
    ),
    "6.2": ActionStory(
        "Draf rencana aksi daerah selesai dan dibagikan kepada semua pokja.",
        "Mengisi bagian kami dalam draf rencana aksi daerah.",
        "DKP3A: matriks usulan tiap pokja belum lengkap.",
        "Penyusunan dihentikan sementara menunggu rencana nasional.",
        underway="Draf disusun; dua pokja belum mengisi bagiannya.",
    ),
    "6.3": ActionStory(
        "Perangkat daerah yang menganggarkan kegiatan direkap dari dokumen anggaran.",
        "Mencocokkan rekap dengan dokumen perencanaan.",
        "Bappeda: rekap dokumen perencanaan belum diserahkan.",
        "Tidak ada perubahan anggaran pada bulan ini.",
    ),
}


class FigureLevel(IntEnum):
    """How a figure compares with its target."""

    BELOW = -1
    AT = 0
    ABOVE = 1


LEVELS = (
    FigureLevel.AT,
    FigureLevel.ABOVE,
    FigureLevel.AT,
    FigureLevel.BELOW,
    FigureLevel.ABOVE,
)  # in turn
PERCENT_STEPS = {
    FigureLevel.BELOW: Decimal(-9),
    FigureLevel.AT: Decimal(0),
    FigureLevel.ABOVE: Decimal(4),
}


def figure(
    kind: IndicatorKind,
    accumulation: Accumulation,
    better: Better,
    target: Decimal | None,
    *,
    level: FigureLevel,
) -> Decimal:
    """Return what a month's report gives for an indicator with this target of the year."""
    if kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
        return Decimal(0 if level is FigureLevel.BELOW else 1)
    if kind is IndicatorKind.PERCENT:
        aimed = target if target is not None else Decimal(80)
        return min(Decimal(100), _whole(aimed) + PERCENT_STEPS[level])
    month = monthly(target or Decimal(MONTHS), accumulation)
    step = max(Decimal(1), _whole(month * Decimal("0.3")))
    return max(Decimal(1), month + step * (-level if better is Better.DOWN else level))


def monthly(target: Decimal, accumulation: Accumulation) -> Decimal:
    """Return what a month owes of the year's target: a twelfth where months add up."""
    if accumulation is Accumulation.PER_PERIOD:
        return _whole(target)
    return max(Decimal(1), _whole(target / MONTHS))


def lowered(kind: IndicatorKind, better: Better, value: Decimal) -> Decimal | None:
    """Return what a verifier accepts of a figure that its evidence does not cover; None: all."""
    if better is Better.DOWN or kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
        return None
    return max(Decimal(0), value - max(Decimal(1), _whole(value * Decimal("0.1"))))


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), rounding=ROUND_HALF_UP)
